import { ValidateBy } from 'class-validator';

/** No element twice. In linear time: class-validator's ArrayUnique takes minutes for what fits into a body. */
export function Distinct(): PropertyDecorator {
  return ValidateBy({
    name: 'distinct',
    validator: {
      validate: (value) => Array.isArray(value) && new Set(value).size === value.length,
      defaultMessage: () => 'all elements must be unique',
    },
  });
}
