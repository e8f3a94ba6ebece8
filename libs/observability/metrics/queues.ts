/** What waits, for whoever has a queue to tell of it. */
export const QUEUE_WAITING = {
  name: 'postern_queue_waiting',
  help: 'What waits for its turn, by queue.',
  labels: ['queue'],
};
