import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import { textFault, type FieldError, type ResourceField, type ResourceSchema } from '#http-api';
import { rowSchema } from './row-schema.js';

/** A row that may be stored: every column but Postern's own, absent ones as null, times in UTC. */
export type Row = { id: string } & Record<string, unknown>;

export type CheckedRow = { row: Row } | { faults: FieldError[] };

/** Faults that are reported of one row; the first ones say enough. */
const MAX_FAULTS = 10;
const MAX_NAME_LENGTH = 64;

const ajv = new Ajv({ allErrors: true, verbose: true });
addFormats.default(ajv, ['date-time']);
const isDateTime = addFormats.default.get('date-time') as { validate: (text: string) => boolean };
ajv.addFormat('text', (text) => textFault(text) === undefined);
ajv.addFormat('date-time', (text) => isDateTime.validate(text) && isStorableTime(text));

/** The check of a resource's rows, compiled from its definition for the first of them. It reports every fault, by field. */
export class RowCheck {
  private validate: ValidateFunction<Row> | undefined;
  private readonly stored: ResourceField[];

  constructor(private readonly schema: ResourceSchema) {
    this.stored = schema.fields.filter(({ readOnly }) => !readOnly);
  }

  check(value: unknown): CheckedRow {
    const validate = (this.validate ??= ajv.compile<Row>(rowSchema(this.schema)));
    if (!validate(value)) return { faults: validate.errors!.slice(0, MAX_FAULTS).map(faultOf) };
    const row = Object.fromEntries(this.stored.map((field) => [field.name, valueOf(field, value)]));
    return { row: row as Row };
  }
}

function valueOf({ name, kind }: ResourceField, row: Row): unknown {
  const value = row[name] ?? null;
  return kind === 'time' && value !== null ? inUtc(value as string) : value;
}

/** As `toISOString` writes a time: most of those that come in are already so. */
const CANONICAL_TIME = /^(?!0000)\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

function inUtc(time: string): string {
  return CANONICAL_TIME.test(time) ? time : new Date(time).toISOString();
}

/** Within the years 1 to 9999, in which PostgreSQL and RFC 3339 agree; JavaScript knows no leap seconds. */
function isStorableTime(text: string): boolean {
  if (Number.isNaN(Date.parse(text))) return false;
  return CANONICAL_TIME.test(inUtc(text));
}

function faultOf(error: ErrorObject): FieldError {
  const { keyword, params, instancePath, data, parentSchema } = error;
  const path = instancePath.slice(1).replace(/\/(\d+)/g, '[$1]');
  switch (keyword) {
    case 'required':
      return { field: params.missingProperty as string, message: 'is required' };
    case 'additionalProperties': {
      const field = (params.additionalProperty as string).slice(0, MAX_NAME_LENGTH).toWellFormed();
      return { field, message: 'is not a known field' };
    }
    case 'type':
      return { field: path || 'body', message: `must be ${typeInWords(params.type as string)}` };
    case 'enum': {
      const allowed = (params.allowedValues as unknown[]).map((value) => value ?? 'null');
      return { field: path, message: `must be one of ${allowed.join(', ')}` };
    }
    case 'format':
      return { field: path, message: formatInWords(params.format as string, data) };
    case 'minLength':
      return {
        field: path,
        message: `must not be empty${parentSchema!.nullable ? '; null means none' : ''}`,
      };
    default:
      return { field: path, message: error.message! };
  }
}

function typeInWords(type: string): string {
  const words: Record<string, string> = {
    object: 'a JSON object',
    array: 'a list',
    string: 'text',
    integer: 'a whole number',
    boolean: 'true or false',
  };
  return words[type] ?? type;
}

function formatInWords(format: string, data: unknown): string {
  return format === 'text'
    ? textFault(String(data))!
    : 'must be an RFC 3339 time, such as 2026-01-31T12:00:00Z';
}
