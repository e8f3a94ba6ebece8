export type Level = 'MUST' | 'MUST NOT' | 'SHOULD';

/** An RFC by its number, or the FAPI 2.0 Security Profile. */
export type Source = number | 'FAPI 2.0';

/** One sentence of an RFC or a profile that binds an authorization server or a resource server. */
export interface Requirement {
  source: Source;
  /** As it is numbered there, e.g. `4.1.2.1`. */
  section: string;
  /** In the source's words, shortened; what is Postern's own stands in brackets. */
  sentence: string;
  level: Level;
}

const TITLE = /^(?:RFC (\d+)|(FAPI 2\.0)) §([0-9A-Z][0-9.]*): (.+)$/;

export function titleOf(source: Source, section: string, sentence: string): string {
  return `${nameOf(source)} §${section}: ${sentence}`;
}

export function nameOf(source: Source): string {
  return typeof source === 'number' ? `RFC ${source}` : source;
}

/** @throws Error for a test whose name is no requirement */
export function requirementOf(title: string): Requirement {
  const [, rfc, profile, section, sentence] = TITLE.exec(title) ?? [];
  if (!(rfc || profile) || !section || !sentence) throw new Error(`“${title}” names no section of an RFC.`);
  const level = levelOf(sentence, profile !== undefined);
  if (!level) throw new Error(`“${title}” is no MUST and no MUST NOT.`);
  return { source: rfc ? Number(rfc) : 'FAPI 2.0', section, sentence, level };
}

/** RFC 2119: REQUIRED and SHALL are other words for MUST. ISO writes small what RFCs write in capitals, and all of it counts. */
function levelOf(sentence: string, small: boolean): Level | undefined {
  const words = small
    ? sentence.replaceAll(/\b(shall|should|not)\b/g, (word) => word.toUpperCase())
    : sentence;
  if (/\b(MUST|SHALL) NOT\b/.test(words)) return 'MUST NOT';
  if (/\b(MUST|SHALL|REQUIRED)\b/.test(words)) return 'MUST';
  return small && /\bSHOULD\b/.test(words) ? 'SHOULD' : undefined;
}
