/** What would make a path be read in two ways: a backslash, an encoded dot or slash, a dot segment. */
const AMBIGUOUS_PATH = /[\\\s]|%2e|%2f|%5c|\/\.{1,2}(?:\/|$)/i;
const ORIGIN = /^https?:\/\/[^/?#@\\\s]+$/i;
const REFERER = /^https?:\/\/[^/?#@\\\s]+(?=[/?]|$)/i;

/** The pages that a request says it comes from, each as often as it came. */
export interface CallingPage {
  origin?: string[];
  referer?: string[];
}

/**
 * Whether a request comes from under a client's `public_base_uri`, by its `Origin`, else by its
 * `Referer`. One that names no page comes from none. An `Origin` has no path to compare.
 */
export function comesFromUnder(publicBaseUri: string, { origin, referer }: CallingPage): boolean {
  const base = new URL(publicBaseUri);
  const [named] = [origin, referer].filter((values) => values !== undefined);
  if (!named) return true;
  const [page] = named;
  if (named.length > 1 || !page) return false;
  if (!(origin ? ORIGIN : REFERER).test(page) || !URL.canParse(page)) return false;
  const url = new URL(page);
  if (url.origin !== base.origin) return false;
  return origin !== undefined || liesUnder(base.pathname, page, url.pathname);
}

/** By whole segments: `/api` holds `/api/x`, and not `/apis`. */
function liesUnder(base: string, spelled: string, path: string): boolean {
  if (AMBIGUOUS_PATH.test(spelled.split(/[?#]/, 1)[0]!)) return false;
  const folder = base.endsWith('/') ? base : `${base}/`;
  return path === base || `${path}/` === folder || path.startsWith(folder);
}
