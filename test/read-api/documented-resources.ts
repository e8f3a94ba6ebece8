/** A property of a model in the OpenAPI document. */
export interface DocumentedField {
  type: 'string' | 'boolean' | 'integer' | 'array';
  format?: string;
  enum?: (string | null)[];
  items?: DocumentedField;
  minimum?: number;
  nullable?: boolean;
  readOnly?: boolean;
  description?: string;
  example?: unknown;
}

export type DocumentedFields = Record<string, DocumentedField>;
export type Row = { id: string } & Record<string, unknown>;

/** Every kind of PAM data, those that others refer to first; and what their ids refer to. */
export const REFERENCES: Record<string, Record<string, string>> = {
  'user-groups': {},
  'device-groups': {},
  users: { group_ids: 'user-groups' },
  devices: { group_ids: 'device-groups' },
  accounts: { device_id: 'devices' },
  tasks: { device_ids: 'devices' },
  profiles: {
    user_ids: 'users',
    user_group_ids: 'user-groups',
    device_ids: 'devices',
    device_group_ids: 'device-groups',
    account_ids: 'accounts',
    task_ids: 'tasks',
  },
  sessions: { user_id: 'users', device_id: 'devices', account_id: 'accounts' },
  approvals: { requester_id: 'users', approver_id: 'users', device_id: 'devices', account_id: 'accounts' },
};

export const RESOURCES = Object.keys(REFERENCES);

/** The fields of a resource as the read API’s document has them. */
export function fieldsOf(document: any, resource: string): DocumentedFields {
  const { schema } =
    document.paths[`/pam/v1/${resource}/{id}`].get.responses['200'].content['application/json'];
  return document.components.schemas[schema.$ref.split('/').at(-1)].properties;
}

/** Where each row stands among the values of a field: in another order than by its id. */
const RANKS = [3, 0, 5, 1, 2, 4];
const WITHOUT_OPTIONALS = [2, 4];

/** Six rows of a resource whose fields differ from row to row; two have null wherever they may. */
export function madeRows(resource: string, fields: DocumentedFields): Row[] {
  const stored = Object.entries(fields).filter(([, { readOnly }]) => !readOnly);
  return RANKS.map(
    (_, row) =>
      Object.fromEntries(stored.map(([name, field]) => [name, madeValue(resource, name, field, row)])) as Row,
  );
}

function madeValue(resource: string, name: string, field: DocumentedField, row: number): unknown {
  const rank = RANKS[row]!;
  const referred = REFERENCES[resource]![name];
  if (name === 'id') return madeId(resource, row);
  if (field.nullable && WITHOUT_OPTIONALS.includes(row)) return null;
  if (field.type === 'array') {
    if (referred) return row === 5 ? [] : [madeId(referred, rank), madeId(referred, row)];
    return field.items!.type === 'integer' ? [22, 1000 + rank] : ['shared', `own ${rank}`];
  }
  if (referred) return madeId(referred, rank);
  if (field.enum) return valuesOf(field)[rank % valuesOf(field).length];
  if (field.type === 'boolean') return rank % 2 === 0;
  if (field.type === 'integer') return (field.minimum ?? 0) + 10 * rank;
  return field.format === 'date-time' ? `2026-01-0${rank + 1}T12:00:00.000Z` : `${name} ${rank}`;
}

function madeId(resource: string, row: number): string {
  // One is a part of the next, so that only an exact match tells them apart.
  return `${resource}/${'1'.repeat(row + 1)}`;
}

export function valuesOf({ enum: values }: DocumentedField): string[] {
  return values!.filter((value) => value !== null);
}

/** A filter with a value that some rows have and others do not, and which these are. */
export interface ExpectedFilter {
  value: string;
  passes: (row: Row) => boolean;
}

/**
 * The filters that a resource must have by its fields, and what each must let through.
 * @param rows as they are answered; the later half changed after the other
 * @param searched the fields that `search` looks through
 */
export function expectedFilters(
  fields: DocumentedFields,
  rows: Row[],
  searched: string[],
): Record<string, ExpectedFilter> {
  const [some] = rows as [Row];
  const later = rows.at(-1)!;
  const contains = (names: string[]): ExpectedFilter => {
    const value = String(some[names[0]!]).slice(2).toUpperCase();
    return {
      value,
      passes: (row) =>
        names.some((name) =>
          String(row[name] ?? '')
            .toUpperCase()
            .includes(value),
        ),
    };
  };
  const range = (name: string, from: boolean): ExpectedFilter => {
    const bound = (name === 'updated_at' && from ? later : some)[name] as string | number;
    return {
      value: String(bound),
      passes: ({ [name]: value }) =>
        value !== null && (from ? (value as typeof bound) >= bound : (value as typeof bound) <= bound),
    };
  };
  const equal = (name: string): ExpectedFilter => ({
    value: String(some[name]),
    passes: (row) => row[name] === some[name],
  });
  const filters: Record<string, ExpectedFilter> = {
    search: contains(searched),
    updated_since: range('updated_at', true),
  };
  for (const [name, field] of Object.entries(fields)) {
    if (field.type === 'array') {
      const [member] = (some[name] as unknown[]).slice(name.endsWith('_ids') ? 0 : 1);
      filters[name.replace(/_ids$/, '_id')] = {
        value: String(member),
        passes: (row) => (row[name] as unknown[]).includes(member),
      };
    } else if (field.format === 'date-time') {
      filters[name.replace(/(_at)?$/, '_from')] = range(name, true);
      filters[name.replace(/(_at)?$/, '_to')] = range(name, false);
    } else if (field.type === 'integer') {
      filters[name] = equal(name);
      filters[`${name}_from`] = range(name, true);
      filters[`${name}_to`] = range(name, false);
    } else if (field.enum || field.type === 'boolean' || /^id$|_id$/.test(name)) {
      filters[name] = equal(name);
    } else {
      filters[name] = contains([name]);
    }
  }
  return filters;
}
