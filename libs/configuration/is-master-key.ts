import { ValidateBy, type ValidationOptions } from 'class-validator';

/** 32 bytes in base64, with or without padding, and in nothing else. */
export function IsMasterKey(options?: ValidationOptions): PropertyDecorator {
  return ValidateBy(
    {
      name: 'isMasterKey',
      validator: {
        validate: (value) =>
          typeof value === 'string' &&
          /^[A-Za-z0-9+/]{43}=?$/.test(value) &&
          Buffer.from(value, 'base64').length === 32,
      },
    },
    options,
  );
}
