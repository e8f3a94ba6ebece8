import { ValidateBy } from 'class-validator';
import { jwksFault, redirectUriFault, resourceFault } from '#oauth-protocol';

/** A redirect URI in the shapes that may be registered, whatever the client's kind. */
export function IsRedirectUri(): PropertyDecorator {
  return eachUri('isRedirectUri', (uri) => redirectUriFault(uri, true));
}

/** A resource indicator (RFC 8707 §2). */
export function IsResource(): PropertyDecorator {
  return eachUri('isResource', resourceFault);
}

/** A JWK Set of public keys (RFC 7517 §5). */
export function IsJwks(): PropertyDecorator {
  return ValidateBy({
    name: 'isJwks',
    validator: {
      validate: (value) => jwksFault(value) === undefined,
      defaultMessage: (argument) => jwksFault(argument!.value) ?? 'must be a JWK Set',
    },
  });
}

function eachUri(name: string, faultOf: (uri: string) => string | undefined): PropertyDecorator {
  return ValidateBy(
    {
      name,
      validator: {
        validate: (value) => typeof value === 'string' && faultOf(value) === undefined,
        defaultMessage: (argument) => {
          const value = argument!.value as unknown;
          const uris = Array.isArray(value) ? value : [value];
          const faults = uris.map((uri) => (typeof uri === 'string' ? faultOf(uri) : 'must be a string'));
          return `each ${faults.find((fault) => fault !== undefined) ?? 'must be a URI'}`;
        },
      },
    },
    { each: true },
  );
}
