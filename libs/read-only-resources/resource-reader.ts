import { Injectable } from '@nestjs/common';
import type { Caller } from '#access-control';
import { GroupRead, ReadReplicas, type Queryable } from '#database';
import {
  Lists,
  Problem,
  type ListDefinition,
  type ListRequest,
  type Page,
  type RowStream,
  type SortColumn,
} from '#http-api';
import { jsonOf, selectList } from './resource-list.js';
import type { Resource } from './resource.js';

type Row = Record<string, unknown>;

/** Reads PAM data of the token's customer, whatever else the caller may see elsewhere. */
@Injectable()
export class ResourceReader {
  private readonly reads = new Map<Resource, GroupRead<Row>>();

  constructor(
    private readonly replicas: ReadReplicas,
    private readonly lists: Lists,
  ) {}

  /** @param from where it is read; one of the replicas, for all of one list */
  list(
    resource: Resource,
    caller: Caller,
    request: ListRequest,
    from: Queryable = this.replicas.reader(),
  ): Promise<Page<Row> | RowStream> {
    return this.lists
      .from(from)
      .answer(
        request.fields ? narrowed(resource, request.fields, request.sort.column) : resource.list,
        request,
        [(parameters) => `customer_id = ${parameters.add(caller.customerId)}`],
        (row) => row,
      );
  }

  /**
   * @param fields what to answer of it; undefined for all
   * @throws Problem 404 where the customer has no such row
   */
  async read(resource: Resource, caller: Caller, id: string, fields: string[] | undefined): Promise<Row> {
    const row = await this.readsOf(resource).find(keyOf(caller.customerId, id));
    if (!row) throw Problem.notFound(resource.singular);
    return fields ? Object.fromEntries(fields.map((field) => [field, row[field]])) : row;
  }

  private readsOf(resource: Resource): GroupRead<Row> {
    const reads = this.reads.get(resource) ?? new GroupRead<Row>((keys) => this.readAll(resource, keys));
    this.reads.set(resource, reads);
    return reads;
  }

  private async readAll({ list, table }: Resource, keys: string[]): Promise<[string, Row][]> {
    const wanted = keys.map(partsOf);
    const { rows } = await this.replicas.reader().queryAgain<Row & { wanted_at: string }>(
      `SELECT wanted_at, ${list.select}
       FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS wanted(wanted_customer, wanted_id, wanted_at)
       JOIN ${table} ON customer_id = wanted_customer AND id = wanted_id`,
      [wanted.map(([customerId]) => customerId), wanted.map(([, id]) => id)],
    );
    return rows.map(({ wanted_at, ...row }) => [keys[Number(wanted_at) - 1]!, row]);
  }
}

/** No customer's id holds a slash. */
function keyOf(customerId: string, id: string): string {
  return `${customerId}/${id}`;
}

function partsOf(key: string): [string, string] {
  const slash = key.indexOf('/');
  return [key.slice(0, slash), key.slice(slash + 1)];
}

/** The list with some fields alone, and what tells a row's position. */
function narrowed({ fields, list }: Resource, names: string[], sort: SortColumn): ListDefinition {
  return {
    ...list,
    select: selectList(new Set([...names, list.id.key, sort.key])),
    json: jsonOf(names.map((name) => fields.find((field) => field.name === name)!)),
  };
}
