import { describe, it } from '@jest/globals';
import { engine } from './engine.js';

/** For what there is on PostgreSQL alone: on the embedded engine, the run says that it was left out. */
export const describeOnPostgres = engine === 'postgres' ? describe : describe.skip;
export const itOnPostgres = engine === 'postgres' ? it : it.skip;
