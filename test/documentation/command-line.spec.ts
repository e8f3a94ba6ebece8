import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, it } from '@jest/globals';

const TOOL = join(import.meta.dirname, '../../../tools/command-line-docs.mjs');

describe('docs/command-line.md', () => {
  it('has the help of every command, as the program gives it', async () => {
    await promisify(execFile)(process.execPath, [TOOL, '--check']);
  });
});
