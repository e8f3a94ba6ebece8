import { Param, type PipeTransform } from '@nestjs/common';
import { Problem } from './errors/problem.js';
import { textFault } from './text.js';

/** Characters that a row's id may have: it is the importer's own, so it may be any text. */
const MAX_ID_LENGTH = 256;

const pipe: PipeTransform<string, string> = {
  transform: (id) => {
    // By code points, as JSON Schema counts the characters of an id that comes in.
    const fault =
      [...id].length > MAX_ID_LENGTH ? `must have ${MAX_ID_LENGTH} characters at most` : textFault(id);
    if (fault) throw Problem.invalidField('id', fault);
    return id;
  },
};

/** The id of a row of PAM data in a path; one that no row can have is 400 and names it. */
export function ResourceId(): ParameterDecorator {
  return Param('id', pipe);
}
