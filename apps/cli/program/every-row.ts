import { Page, parseListRequest, type ListDefinition, type ListRequest } from '#http-api';

const PAGE = 1000;

/**
 * All rows of a list of the API: the same filters, sort and shape, page after page.
 * @param query as in the API's address; what is undefined is left out
 * @throws Problem 400 that names the parameter which is wrong
 */
export async function everyRow<Item>(
  definition: ListDefinition,
  query: Record<string, string | undefined>,
  read: (request: ListRequest) => Promise<object>,
): Promise<Item[]> {
  const items: Item[] = [];
  let cursor: string | null | undefined;
  do {
    const page = (await read(pageRequest(definition, { ...query, cursor }))) as Page<Item>;
    items.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor);
  return items;
}

function pageRequest(
  definition: ListDefinition,
  query: Record<string, string | null | undefined>,
): ListRequest {
  const search = new URLSearchParams({ limit: String(PAGE) });
  for (const [name, value] of Object.entries(query)) if (value) search.set(name, value);
  return parseListRequest(definition, { url: `/?${search}` });
}
