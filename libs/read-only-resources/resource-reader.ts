import { Injectable } from '@nestjs/common';
import type { Caller } from '#access-control';
import { Database } from '#database';
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
  constructor(
    private readonly database: Database,
    private readonly lists: Lists,
  ) {}

  list(resource: Resource, caller: Caller, request: ListRequest): Promise<Page<Row> | RowStream> {
    return this.lists.answer(
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
    const { rows } = await this.database.query<Row>(
      `SELECT ${fields ? selectList(new Set(fields)) : resource.list.select} FROM ${resource.table}
       WHERE customer_id = $1 AND id = $2`,
      [caller.customerId, id],
    );
    if (!rows[0]) throw Problem.notFound(resource.singular);
    return rows[0];
  }
}

/** The list with some fields alone, and what tells a row's position. */
function narrowed({ fields, list }: Resource, names: string[], sort: SortColumn): ListDefinition {
  return {
    ...list,
    select: selectList(new Set([...names, list.id.key, sort.key])),
    json: jsonOf(names.map((name) => fields.find((field) => field.name === name)!)),
  };
}
