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

/** What can be turned on only where there is a master key. */
export function NeedsMasterKey(options?: ValidationOptions): PropertyDecorator {
  return ValidateBy(
    {
      name: 'needsMasterKey',
      validator: {
        validate: (value, parameters) =>
          value !== true ||
          (parameters!.object as { POSTERN_MASTER_KEY: string[] }).POSTERN_MASTER_KEY.length > 0,
      },
    },
    options,
  );
}
