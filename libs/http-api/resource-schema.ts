/** What a field of PAM data holds; each kind has its column type, its check, its filters and its sort. */
export type FieldKind = 'text' | 'boolean' | 'integer' | 'time' | 'text[]' | 'integer[]';

/** One field of a resource: the same name on the wire and in its table. */
export interface ResourceField {
  name: string;
  kind: FieldKind;
  nullable: boolean;
  /** Set by Postern; accepted in an import, so that an export can be imported again, and ignored. */
  readOnly: boolean;
  description: string;
  example: unknown;
  /** The values that it may take, where they are fixed. */
  values?: readonly string[];
  /** Characters of text, or of each element. */
  maxLength: number;
  /** Bounds of a whole number, or of each element. */
  minimum?: number;
  maximum?: number;
  /** Elements of a list at most. */
  maxItems: number;
  /** The table whose `id` it holds. */
  references?: string;
}

/** A kind of PAM data, as the read side defines it and the write side takes it in. */
export interface ResourceSchema {
  /** In paths and scopes, e.g. `user-groups`. */
  name: string;
  /** One of them in words, e.g. `user group`. */
  singular: string;
  /** Has the columns `customer_id`, `id` and `updated_at` beside the others. */
  table: string;
  fields: readonly ResourceField[];
}
