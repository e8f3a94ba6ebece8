import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestEnvironment, type TestEnvironment } from '../support/create-test-environment.js';

describe('the OpenAPI document', () => {
  let env: TestEnvironment;
  let document: any;
  beforeAll(async () => {
    env = await createTestEnvironment();
    document = (await env.anonymous.get('/openapi.json')).body;
  });
  afterAll(() => env.close());

  it('says of whole numbers that they are', () => {
    const fields = Object.entries<any>(document.components.schemas).flatMap(([schema, { properties = {} }]) =>
      Object.entries<any>(properties).map(([name, { type }]) => ({ field: `${schema}.${name}`, type })),
    );
    const fractions = fields.filter(({ type }) => type === 'number').map(({ field }) => field);
    expect(fractions).toEqual(['GeneratedTokenDto.expires_in_minutes']);
  });

  it('describes every field', () => {
    const silent = Object.entries<any>(document.components.schemas).flatMap(([schema, { properties = {} }]) =>
      Object.entries<any>(properties)
        .filter(([, { description, $ref }]) => !description && !$ref)
        .map(([name]) => `${schema}.${name}`),
    );
    expect(silent).toEqual([]);
  });

  it('has each refusal in the form that its path answers in', () => {
    const { get, post } = document.paths['/api/v1/configuration/api-clients'];
    for (const { responses } of [get, post])
      for (const status of ['400', '401', '403'])
        expect(responses[status].content).toEqual({
          'application/json': { schema: { $ref: '#/components/schemas/ApiClientsErrorDto' } },
        });
  });

  it('lets a secret be rotated without a body, as the server does', () => {
    const { requestBody } = document.paths['/api/v1/clients/{client_id}/secrets'].post;
    expect(requestBody.required).not.toBe(true);
  });
});
