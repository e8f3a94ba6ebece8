import { randomUUID } from 'node:crypto';
import type { TestEnvironment } from '../support/create-test-environment.js';

const EVENT = {
  at: '2026-03-01T12:00:00.000Z',
  type: 'access_token.issued',
  outcome: 'success',
  actor_kind: 'client',
  actor_id: 'crm',
  client_id: 'crm',
  token_id: null,
  customer_id: '10001',
  ip: '203.0.113.7',
  user_agent: 'curl/8.5.0',
  request_id: 'a-request',
  method: 'POST',
  path: '/oauth2/token',
  detail: {},
};

/** Puts an event of long ago on record, as it could not be made by a request. @returns its id */
export async function recordedEvent(
  env: TestEnvironment,
  fields: Partial<Record<keyof typeof EVENT, unknown>>,
) {
  const event = { id: randomUUID(), ...EVENT, ...fields };
  const columns = Object.keys(event);
  await env.database.query(
    `INSERT INTO audit_events (${columns.join(', ')}) VALUES (${columns.map((_, index) => `$${index + 1}`).join(', ')})`,
    Object.values(event),
  );
  return event.id;
}
