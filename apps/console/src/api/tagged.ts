/** What was read, and the version that it was (`ETag`), for a change that must not undo somebody else's. */
export interface Tagged<Data> {
  data: Data;
  etag: string | undefined;
}

export async function tagged<Data>(
  answer: Promise<{ data?: Data; response: Response }>,
): Promise<Tagged<Data>> {
  const { data, response } = await answer;
  return { data: data as Data, etag: response.headers.get('etag') ?? undefined };
}

/** The header of a change of that version; of whichever there is, where none is known. */
export function ifMatch(etag: string | undefined): { 'If-Match'?: string } {
  return etag === undefined ? {} : { 'If-Match': etag };
}
