// Writes the OpenAPI document of a server on an empty embedded database to the file that is named.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Configuration } from '../dist/libs/configuration/index.js';
import { startServer } from '../dist/apps/server/server.js';

const [file] = process.argv.slice(2);
const dataDir = mkdtempSync(join(tmpdir(), 'postern-openapi-'));
const server = await startServer(
  Configuration.from({
    PORT: '0',
    LOG_LEVEL: 'error',
    POSTERN_DATA_DIR: dataDir,
    POSTERN_SAMPLE_DATA: 'false',
  }),
  { output: { write: () => true } },
);
const response = await fetch(`${server.url}/openapi.json`);
writeFileSync(file, await response.text());
await server.close();
rmSync(dataDir, { recursive: true, force: true });
