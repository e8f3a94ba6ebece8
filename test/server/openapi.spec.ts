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

  it('names all ways in which a client authenticates in a form, and all refusals of a token', () => {
    const { paths, components } = document;
    for (const path of ['/oauth2/token', '/oauth2/par', '/oauth2/introspect', '/oauth2/revoke']) {
      const { schema } = paths[path].post.requestBody.content['application/x-www-form-urlencoded'];
      const fields = Object.keys(components.schemas[schema.$ref.split('/').at(-1)].properties);
      for (const field of ['client_id', 'client_secret', 'client_assertion_type', 'client_assertion'])
        expect([path, fields]).toEqual([path, expect.arrayContaining([field])]);
    }
    const { description } = paths['/oauth2/token'].post.responses['400'];
    for (const code of ['invalid_grant', 'invalid_target', 'invalid_dpop_proof', 'use_dpop_nonce'])
      expect(description).toContain(`\`${code}\``);
  });

  it('lets a secret be rotated without a body, as the server does', () => {
    const { requestBody } = document.paths['/api/v1/clients/{client_id}/secrets'].post;
    expect(requestBody.required).not.toBe(true);
  });
});
