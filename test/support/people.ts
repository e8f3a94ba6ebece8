import { unique, type TestEnvironment } from './create-test-environment.js';

export interface Person {
  id: string;
  username: string;
  password: string;
}

/** A person with these fields; by default a user who may sign in. The administrator can make all but owners. */
export async function addPerson(
  env: TestEnvironment,
  fields: { username?: string; role?: string } & Record<string, unknown> = {},
): Promise<Person> {
  const { role = 'user' } = fields;
  const username = fields.username ?? unique('person');
  const password = `the password of ${username}`;
  const body = { username, password, ...fields, role: role === 'owner' ? 'admin' : role };
  const { status, body: made, text } = await env.admin.post('/api/v1/operators', { body });
  if (status !== 201) throw new Error(`The person was not added: ${status} ${text}`);
  // No client makes an owner.
  if (role === 'owner')
    await env.database.query(`UPDATE operators SET role = 'owner' WHERE id = $1`, [made.id]);
  return { id: made.id, username, password };
}
