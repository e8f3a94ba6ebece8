const PREFIX = '/pam/apps/';

/**
 * That system writes its paths with two slashes at the beginning, and one at the end; both are forgiven
 * below them. By hand: every URL passes here, and a pattern would take its time over many slashes.
 */
export function asServed(url: string): string {
  const spelled = url.startsWith('//') ? url.slice(1) : url;
  if (!spelled.startsWith(PREFIX)) return url;
  const mark = spelled.indexOf('?');
  const path = mark < 0 ? spelled : spelled.slice(0, mark);
  const query = spelled.slice(path.length);
  return (path.endsWith('/') ? path.slice(0, -1) : path) + query;
}
