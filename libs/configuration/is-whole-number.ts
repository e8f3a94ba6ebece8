import { Transform } from 'class-transformer';
import { IsInt, Max, Min } from 'class-validator';

const toInteger = Transform(({ value }) => (/^\d+$/.test(String(value)) ? Number(value) : value));

/**
 * A whole number within bounds, as text in the environment.
 * @param what it is, as the message has it: `seconds`
 */
export function IsWholeNumber(what: string, from: number, to: number): PropertyDecorator {
  const message = `takes ${what} from ${from} to ${to}`;
  const decorators = [toInteger, IsInt({ message }), Min(from, { message }), Max(to, { message })];
  return (target, property) => {
    for (const decorate of decorators.toReversed()) decorate(target, property as string);
  };
}
