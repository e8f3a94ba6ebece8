import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { ApiResponse } from '../support/api-client.js';
import { CodeFlow } from '../support/code-flow.js';
import { createTestEnvironment, type TestEnvironment } from '../support/create-test-environment.js';
import { addPerson, type Person } from '../support/people.js';

const ROUNDS = 4;
const FAMILIES = 4;

let env: TestEnvironment;
beforeAll(async () => {
  env = await createTestEnvironment();
});
afterAll(() => env.close());

type End = (flow: CodeFlow, person: Person) => Promise<ApiResponse>;

const clientPath = ({ client }: CodeFlow) => `/api/v1/clients/${client.clientId}`;

async function withdraw({ browser, client }: CodeFlow): Promise<ApiResponse> {
  const page = await browser.get('/oauth2/consents');
  const form = page.forms.find(({ fields }) => fields.client_id === client.clientId)!;
  return browser.post('/oauth2/consents', form.fields);
}

async function deactivate({ id }: Person): Promise<ApiResponse> {
  const path = `/api/v1/operators/${id}`;
  expect((await env.admin.patch(path, { body: { active: false } })).status).toBe(200);
  return env.admin.patch(path, { body: { active: true } });
}

it.each<[string, End]>([
  ['all of the client’s tokens are revoked', (flow) => env.admin.delete(`${clientPath(flow)}/tokens`)],
  ['the client is deleted', (flow) => env.admin.delete(clientPath(flow))],
  ['the person is deactivated, though he comes back', (_, person) => deactivate(person)],
  ['the person is deleted', (_, { id }) => env.admin.delete(`/api/v1/operators/${id}`)],
  ['the consent is withdrawn', (flow) => withdraw(flow)],
])('nothing that is being issued survives when %s', async (_, end) => {
  for (let round = 0; round < ROUNDS; round += 1) {
    const person = await addPerson(env);
    const flow = await CodeFlow.of(env, {}, person);
    const codes = [];
    const refreshTokens = [];
    for (let family = 0; family < FAMILIES; family += 1) {
      refreshTokens.push((await flow.tokens()).refreshToken);
      codes.push(await flow.code());
    }
    const issuing = [
      ...codes.map((code) => flow.redeem(code)),
      ...refreshTokens.flatMap((one) => [flow.refresh(one), flow.refresh(one)]),
    ];
    const ended = await end(flow, person);
    expect(ended.status).toBeLessThan(400);
    for (const { status, body } of await Promise.all(issuing)) {
      if (status === 200) {
        expect(await flow.reads(body.access_token)).toBe(401);
        expect((await flow.refresh(body.refresh_token)).status).toBeGreaterThanOrEqual(400);
      } else {
        expect(['invalid_grant', 'invalid_client']).toContain(body.error);
      }
    }
  }
});
