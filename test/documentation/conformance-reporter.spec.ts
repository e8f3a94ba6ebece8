import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import ConformanceReporter from '../conformance/conformance-reporter.js';

const TITLE = 'RFC 6749 §3.2: request parameters MUST NOT be included more than once';

let folder: string;
let rootDir: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'postern-conformance-'));
  rootDir = join(folder, 'dist');
  await mkdir(join(rootDir, 'test', 'conformance'), { recursive: true });
  await mkdir(join(folder, 'docs'));
  for (const name of ['one', 'two']) await writeFile(specPath(name), '');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const specPath = (name: string) => join(rootDir, 'test', 'conformance', `${name}.spec.js`);
const table = () => readFile(join(folder, 'docs', 'conformance.md'), 'utf8');
const result = (name: string, title: string, status = 'passed') => ({ name, title, status });
const BOTH = [result('one', TITLE), result('two', 'RFC 7009 §2.1: token REQUIRED')];

/** @returns what the run is failed with */
async function run(results: ReturnType<typeof result>[], testNamePattern?: string) {
  const reporter = new ConformanceReporter({ rootDir, testNamePattern }, { output: { write: () => true } });
  for (const { name, title, status } of results)
    reporter.onTestResult(undefined, { testFilePath: specPath(name), testResults: [{ title, status }] });
  await reporter.onRunComplete();
  return reporter.getLastError()?.message;
}

async function write(results: ReturnType<typeof result>[]) {
  process.env.POSTERN_WRITE_CONFORMANCE = '1';
  try {
    return await run(results);
  } finally {
    delete process.env.POSTERN_WRITE_CONFORMANCE;
  }
}

describe('the table of conformance', () => {
  it('has a row for each requirement, with its level and its test, in the order of the RFCs', async () => {
    expect(await write(BOTH.toReversed())).toBeUndefined();
    const rows = (await table()).split('\n').filter((line) => line.startsWith('| ['));
    expect(rows).toEqual([
      expect.stringMatching(
        /rfc6749#section-3\.2\) \| request .* \| MUST NOT \| \[one\]\(.*one\.spec\.ts\) \|$/,
      ),
      expect.stringMatching(/rfc7009#section-2\.1\) \| token REQUIRED \| MUST \| \[two\]/),
    ]);
  });

  it('fails a whole run that says otherwise, and passes one that says the same', async () => {
    expect(await run(BOTH)).toMatch(/npm run docs:conformance/);
    await write(BOTH);
    expect(await run(BOTH)).toBeUndefined();
    expect(await run([BOTH[0]!, result('two', 'RFC 7009 §2.1: token is REQUIRED')])).toMatch(
      /docs:conformance/,
    );
  });

  it('says nothing of a run that had only some of the tests', async () => {
    expect(await run([BOTH[0]!])).toBeUndefined();
    expect(await run(BOTH, 'a pattern')).toBeUndefined();
  });

  it.each([
    ['failed', result('two', TITLE, 'failed')],
    ['was left out', result('two', TITLE, 'pending')],
    ['names no section', result('two', 'works')],
    ['is no requirement', result('two', 'RFC 6749 §3.2: parameters may be repeated')],
  ])('is not written where a test %s', async (_, bad) => {
    expect(await write([BOTH[0]!, bad])).toEqual(expect.any(String));
    await expect(table()).rejects.toThrow('ENOENT');
  });
});
