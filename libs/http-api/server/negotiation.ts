/** One range of an `Accept` header, such as `text/*;q=0.5`. */
interface MediaRange {
  type: string;
  subtype: string;
  quality: number;
}

/**
 * Proactive negotiation (RFC 9110 §12.5.1): the offered media type that the caller likes best. The
 * most specific range decides on each type; among equals the one that was asked for by name, then
 * the one that was named first, then the one that is offered first. Parameters other than `q` are
 * not looked at.
 *
 * @param accept the header; without one, everything is welcome
 * @returns undefined where none of the offered types will do
 */
export function negotiate<Type extends string>(
  accept: string | undefined,
  offered: readonly Type[],
): Type | undefined {
  if (!accept?.trim()) return offered[0];
  const ranges = accept.split(',').map(parseRange);
  const candidates = offered
    .map((type) => ({ type, range: rangeFor(type, ranges) }))
    .filter(({ range }) => range !== undefined && range.quality > 0);
  candidates.sort(
    (a, b) =>
      b.range!.quality - a.range!.quality ||
      specificity(b.range!) - specificity(a.range!) ||
      ranges.indexOf(a.range!) - ranges.indexOf(b.range!),
  );
  return candidates[0]?.type;
}

function parseRange(text: string): MediaRange {
  const [name, ...parameters] = text.split(';').map((part) => part.trim().toLowerCase());
  const [type = '', subtype = ''] = name!.split('/');
  const weight = parameters.find((parameter) => /^q\s*=/.test(parameter))?.replace(/^q\s*=\s*/, '');
  return { type, subtype, quality: weight === undefined ? 1 : qualityOf(weight) };
}

/** A weight that is none counts as "not wanted". */
function qualityOf(weight: string): number {
  return /^(0(\.\d{0,3})?|1(\.0{0,3})?)$/.test(weight) ? Number(weight) : 0;
}

function rangeFor(mediaType: string, ranges: MediaRange[]): MediaRange | undefined {
  const [type, subtype] = mediaType.split('/');
  const matching = ranges.filter(
    (range) =>
      (range.type === '*' && range.subtype === '*') ||
      (range.type === type && (range.subtype === '*' || range.subtype === subtype)),
  );
  return matching.sort((a, b) => specificity(b) - specificity(a))[0];
}

function specificity({ type, subtype }: MediaRange): number {
  if (type === '*') return 0;
  return subtype === '*' ? 1 : 2;
}
