/** A list's query as a call for a shell. It names no token: that is the caller's own, in `$TOKEN`. */
export function curlOf(path: string, query: Readonly<Record<string, string>>): string {
  const url = new URL(path, location.origin);
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  return `curl ${quoted(url.href)} -H "Authorization: Bearer $TOKEN"`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
