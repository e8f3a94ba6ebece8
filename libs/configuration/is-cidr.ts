import { ValidateBy, type ValidationOptions } from 'class-validator';
import ipaddr from 'ipaddr.js';

/** class-validator: a CIDR block, or a single address. */
export function IsCidr(options?: ValidationOptions): PropertyDecorator {
  return ValidateBy(
    {
      name: 'isCidr',
      validator: {
        validate: isCidr,
        defaultMessage: () => '$property must be a CIDR block such as 10.0.0.0/8',
      },
    },
    options,
  );
}

function isCidr(value: unknown): boolean {
  if (typeof value !== 'string') return false;
  return value.includes('/') ? ipaddr.isValidCIDR(value) : isStrictAddress(value);
}

/** ipaddr.js also takes `10`, `0x7f.1` and the like; those are mistakes here. */
function isStrictAddress(value: string): boolean {
  return ipaddr.IPv4.isValidFourPartDecimal(value) || ipaddr.IPv6.isValid(value);
}
