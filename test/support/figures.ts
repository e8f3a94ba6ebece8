/** Says what a fault came to, where `POSTERN_TEST_FIGURES` is set: for the table in docs/reliability.md. */
export function figure(what: string, value: string | number | object): void {
  if (!process.env.POSTERN_TEST_FIGURES) return;
  process.stdout.write(`FIGURE ${what}: ${typeof value === 'object' ? JSON.stringify(value) : value}\n`);
}
