import { it } from '@jest/globals';
import { titleOf, type Source } from './requirement-title.js';

/** Declares a test of one requirement of an RFC or a profile: `docs/conformance.md` is made of these. */
export type DeclareRequirement = (section: string, sentence: string, test: () => Promise<void>) => void;

export function requirementsOf(source: Source): DeclareRequirement {
  return (section, sentence, test) => it(titleOf(source, section, sentence), test);
}
