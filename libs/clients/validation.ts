import { ValidateBy } from 'class-validator';
import { redirectUriFault } from '#oauth-protocol';

/** A redirect URI in the shapes that may be registered, whatever the client's kind. */
export function IsRedirectUri(): PropertyDecorator {
  return ValidateBy(
    {
      name: 'isRedirectUri',
      validator: {
        validate: (value) => typeof value === 'string' && redirectUriFault(value, true) === undefined,
        defaultMessage: (argument) => {
          const value = argument!.value as unknown;
          const uris = Array.isArray(value) ? value : [value];
          const faults = uris.map((uri) =>
            typeof uri === 'string' ? redirectUriFault(uri, true) : 'must be a string',
          );
          return `each ${faults.find((fault) => fault !== undefined) ?? 'must be a redirect URI'}`;
        },
      },
    },
    { each: true },
  );
}
