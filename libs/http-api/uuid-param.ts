import { Param, type PipeTransform } from '@nestjs/common';
import { isUUID } from 'class-validator';
import { Problem } from './errors/problem.js';

/** A path parameter that is a UUID; anything else is 400 and names it. */
export function UuidParam(name: string): ParameterDecorator {
  const pipe: PipeTransform<string, string> = {
    transform: (value) => {
      if (!isUUID(value)) throw Problem.invalidField(name, 'must be a UUID');
      return value.toLowerCase();
    },
  };
  return Param(name, pipe);
}
