import { IsOptional, ValidateIf } from 'class-validator';

/** May be left out, but not be null. */
export const Omittable = (): PropertyDecorator => ValidateIf((_object, value) => value !== undefined);

/** May be left out or null. */
export const Nullable = IsOptional;
