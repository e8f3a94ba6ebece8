import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestEnvironment, type TestEnvironment } from '../support/create-test-environment.js';

const readme = readFileSync(join(import.meta.dirname, '../../../README.md'), 'utf8');
const [session] = blocks('sh').filter((block) => block.startsWith("ADMIN='client_id:client_secret'"));
const [printed] = blocks('text');

describe('the copy-paste session of the README', () => {
  let environment: TestEnvironment;

  beforeAll(async () => {
    environment = await createTestEnvironment({ sampleData: true });
  });

  afterAll(() => environment.close());

  it('gives what it says', async () => {
    const { clientId, clientSecret } = environment.adminCredentials;
    const script = session!
      .replace("ADMIN='client_id:client_secret'", `ADMIN='${clientId}:${clientSecret}'`)
      .replace('URL=http://127.0.0.1:3000', `URL=${environment.url}`);
    const { stdout } = await promisify(execFile)('bash', ['-c', script]);
    expect(withoutWhatVaries(stdout)).toBe(withoutWhatVaries(printed!));
  });

  it('is announced by the two commands', () => {
    expect(readme).toContain('npm ci && npm start');
    expect(readme).toContain('npm ci && npm test');
  });
});

function blocks(language: string): string[] {
  return [...readme.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'gms'))].map(
    ([, text]) => text!,
  );
}

/** Ids and times differ from run to run, and curl keeps the carriage return of a header. */
function withoutWhatVaries(output: string): string {
  return output
    .replaceAll('\r', '')
    .replaceAll(/\b[0-9a-f]{32}\b/g, '<id>')
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '<time>');
}
