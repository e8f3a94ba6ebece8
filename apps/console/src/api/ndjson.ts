import { authorizedFetch, problemOf } from './client';

/**
 * A whole list, streamed as one JSON object a line.
 * @param onRead is told how many there are so far
 * @throws Problem, SignedOut; TypeError where the connection broke off
 */
export async function readWhole<Item>(
  address: string,
  { signal, onRead }: { signal: AbortSignal; onRead(count: number): void },
): Promise<Item[]> {
  const headers = { accept: 'application/x-ndjson' };
  const response = await authorizedFetch(new Request(address, { headers, signal }));
  if (!response.ok) throw await problemOf(response);
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  const items: Item[] = [];
  let rest = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    const lines = (rest + value).split('\n');
    rest = lines.pop()!;
    for (const line of lines) items.push(JSON.parse(line) as Item);
    onRead(items.length);
  }
  return items;
}
