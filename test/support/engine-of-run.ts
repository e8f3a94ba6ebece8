import { describe } from '@jest/globals';
import { engine } from './engine.js';

/** For what there is on one engine alone: on the other, the suite says that it was left out. */
export const describeOnPostgres = engine === 'postgres' ? describe : describe.skip;
export const describeOnEmbedded = engine === 'embedded' ? describe : describe.skip;
