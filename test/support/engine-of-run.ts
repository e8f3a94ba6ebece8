import { describe, it } from '@jest/globals';
import { engine } from './engine.js';

/** For what there is on one engine alone: on the other, the run says that it was left out. */
export const describeOnPostgres = engine === 'postgres' ? describe : describe.skip;
export const describeOnEmbedded = engine === 'embedded' ? describe : describe.skip;
export const itOnPostgres = engine === 'postgres' ? it : it.skip;
