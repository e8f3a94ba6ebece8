import { it } from '@jest/globals';
import { titleOf } from './requirement-title.js';

/** Declares a test of one requirement of an RFC: `docs/conformance.md` is made of these. */
export type DeclareRequirement = (section: string, sentence: string, test: () => Promise<void>) => void;

export function requirementsOf(rfc: number): DeclareRequirement {
  return (section, sentence, test) => it(titleOf(rfc, section, sentence), test);
}
