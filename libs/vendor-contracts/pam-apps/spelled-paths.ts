const SPELLED = /^\/{1,2}(pam\/apps\/[^?]*?)\/*(\?.*)?$/;

/** That system writes its paths with two slashes at the beginning, and one at the end; both are forgiven below them. */
export function asServed(url: string): string {
  return url.replace(SPELLED, '/$1$2');
}
