import { ValidateBy, type ValidationOptions } from 'class-validator';

/** class-validator: a PostgreSQL connection URL that the driver can read, e.g. with `#` in a password escaped. */
export function IsPostgresUrl(options?: ValidationOptions): PropertyDecorator {
  return ValidateBy({ name: 'isPostgresUrl', validator: { validate: isPostgresUrl } }, options);
}

/** Whether it is one. */
export function isPostgresUrl(value: unknown): boolean {
  // The driver also takes a URL without a host, for a Unix socket: postgres://user@/database?host=/run
  return (
    typeof value === 'string' &&
    /^postgres(ql)?:\/\/./.test(value) &&
    URL.canParse(value.replace('@/', '@localhost/'))
  );
}

/** What there can be only beside a database server. */
export function NeedsDatabase(options?: ValidationOptions): PropertyDecorator {
  return ValidateBy(
    {
      name: 'needsDatabase',
      validator: {
        validate: (value, parameters) =>
          (value as string[]).length === 0 ||
          (parameters!.object as { DATABASE_URL?: string }).DATABASE_URL !== undefined,
      },
    },
    options,
  );
}
