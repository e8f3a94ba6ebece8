export type Level = 'MUST' | 'MUST NOT';

/** One sentence of an RFC that binds an authorization server or a resource server. */
export interface Requirement {
  rfc: number;
  /** As the RFC numbers it, e.g. `4.1.2.1`. */
  section: string;
  /** In the RFC's words, shortened; what is Postern's own stands in brackets. */
  sentence: string;
  level: Level;
}

const TITLE = /^RFC (\d+) §([0-9A-Z][0-9.]*): (.+)$/;

export function titleOf(rfc: number, section: string, sentence: string): string {
  return `RFC ${rfc} §${section}: ${sentence}`;
}

/** @throws Error for a test whose name is no requirement */
export function requirementOf(title: string): Requirement {
  const [, rfc, section, sentence] = TITLE.exec(title) ?? [];
  if (!rfc || !section || !sentence) throw new Error(`“${title}” names no section of an RFC.`);
  const level = levelOf(sentence);
  if (!level) throw new Error(`“${title}” is no MUST and no MUST NOT.`);
  return { rfc: Number(rfc), section, sentence, level };
}

/** RFC 2119: REQUIRED and SHALL are other words for MUST. */
function levelOf(sentence: string): Level | undefined {
  if (/\b(MUST|SHALL) NOT\b/.test(sentence)) return 'MUST NOT';
  return /\b(MUST|SHALL|REQUIRED)\b/.test(sentence) ? 'MUST' : undefined;
}
