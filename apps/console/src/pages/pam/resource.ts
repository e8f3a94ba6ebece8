import type { PAM_NAMES } from '../../app/pages';

export type PamName = (typeof PAM_NAMES)[number];

/** A row of any resource, as the read API answers it. */
export type Row = { id: string } & Record<string, unknown>;

interface Labelled {
  label: string;
}
interface ChoiceField<Value extends string = string> extends Labelled {
  kind: 'choice';
  values: readonly Value[];
}
interface ReferenceField extends Labelled {
  kind: 'reference' | 'references';
  to: PamName;
}
interface PlainField extends Labelled {
  /** `key` is the row's id; `texts` and `numbers` are lists. */
  kind: 'key' | 'text' | 'boolean' | 'time' | 'number' | 'texts' | 'numbers';
}
export type Field = PlainField | ChoiceField | ReferenceField;

/** What a field of the API can be shown as, by its type there. */
type FieldOf<Value> =
  NonNullable<Value> extends boolean
    ? PlainField & { kind: 'boolean' }
    : NonNullable<Value> extends number
      ? PlainField & { kind: 'number' }
      : NonNullable<Value> extends number[]
        ? PlainField & { kind: 'numbers' }
        : NonNullable<Value> extends string[]
          ? (PlainField & { kind: 'texts' }) | (ReferenceField & { kind: 'references' })
          : string extends NonNullable<Value>
            ? (PlainField & { kind: 'key' | 'text' | 'time' }) | (ReferenceField & { kind: 'reference' })
            : ChoiceField<NonNullable<Value> & string>;

interface ResourceDefinition<Fields> {
  name: PamName;
  label: string;
  singular: string;
  /** The field that people know a row by. */
  title: keyof Fields & string;
  /** What of it the search looks through, in words. */
  searches: string;
  sort?: string;
  /** Columns that are not shown at first. */
  hidden?: readonly (keyof Fields & string)[];
  /** Every field of the API, in the order of the columns. */
  fields: { [Name in keyof Fields]-?: FieldOf<Fields[Name]> };
}

export interface Resource extends Omit<ResourceDefinition<unknown>, 'title' | 'fields'> {
  title: string;
  fields: readonly (Field & { name: string })[];
  /** For `useListState`, which wants the same object each time. */
  list: { sort: string; filters: readonly string[]; hidden: readonly string[] };
}

/** @typeParam Fields the row as the OpenAPI document has it: none of its fields can be missing here */
export function defineResource<Fields>(definition: ResourceDefinition<Fields>): Resource {
  const fields = Object.entries<Field>(definition.fields as Record<string, Field>).map(([name, field]) => ({
    ...field,
    name,
  }));
  return {
    ...definition,
    hidden: undefined,
    fields,
    list: {
      sort: definition.sort ?? 'id',
      filters: ['search', 'updated_since', ...fields.flatMap((field) => filtersOf(field))],
      hidden: definition.hidden ?? [],
    },
  };
}

/** The API's parameters that filter by a field. */
export function filtersOf({ name, kind }: Field & { name: string }): string[] {
  if (kind === 'time') return [`${stemOf(name)}_from`, `${stemOf(name)}_to`];
  if (kind === 'number') return [name, `${name}_from`, `${name}_to`];
  // A list of ids is asked for one of them.
  if (kind === 'references') return [name.replace(/_ids$/, '_id')];
  return [name];
}

/** What a list is sorted by: everything that is no list itself. */
export function isSortable({ kind }: Field): boolean {
  return kind !== 'texts' && kind !== 'numbers' && kind !== 'references';
}

/** Of a time's name in its filters: `last_seen_at` is `last_seen_from`. */
function stemOf(name: string): string {
  return name.replace(/_at$/, '');
}
