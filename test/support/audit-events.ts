import type { TestEnvironment } from './create-test-environment.js';

/** The latest events of a type, seen by the administrator. */
export async function auditEvents(env: TestEnvironment, type: string, query = ''): Promise<any[]> {
  const { body } = await env.admin.get(`/api/v1/audit-events?type=${type}&sort=-at&limit=20${query}`);
  return body.items;
}

/** How many events of a type there are. */
export async function countOf(env: TestEnvironment, type: string): Promise<number> {
  const { body } = await env.admin.get(`/api/v1/audit-events?type=${type}&limit=1&count=true`);
  return body.total;
}
