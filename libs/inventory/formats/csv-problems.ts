import { Problem } from '#http-api';

/** CSV that cannot be read on from a line: nothing after it can be told apart, so nothing is taken. */
export function unreadableCsv(line: number, message: string): Problem {
  return new Problem(400, 'invalid_csv', `Line ${line} ${message}. Nothing was stored.`, {
    extensions: { errors: [{ line, message }] },
  });
}

/** A header row that does not name the fields as they are. */
export function wrongHeader(detail: string): Problem {
  return new Problem(400, 'invalid_header', `${detail} Nothing was stored.`);
}
