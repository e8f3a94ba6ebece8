import { describe, expect, it } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { CSV, NDJSON } from './row-format.js';

const text = fc.string({ unit: fc.oneof(fc.constantFrom('"', ',', '\r', '\n', ';', '=', ' '), fc.string()) });

describe('rows as CSV', () => {
  it('have a heading, CRLF, empty cells for null, and JSON for lists', () => {
    const columns = ['id', 'at', 'on', 'size', 'zone', 'note', 'groups'];
    const row = {
      id: 'a',
      at: new Date('2026-01-31T12:00:00Z'),
      on: false,
      size: -3,
      zone: null,
      note: '',
      groups: ['x "y"', 'z'],
    };
    expect(CSV.heading(columns)).toBe('id,at,on,size,zone,note,groups\r\n');
    expect(CSV.lines([row], columns)).toBe(
      'a,2026-01-31T12:00:00.000Z,false,-3,,"","[""x \\""y\\"""",""z""]"\r\n',
    );
  });

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', "'=1"])('leave %j as it is', (value) => {
    expect(CSV.lines([{ value }], ['value'])).toBe(`${value}\r\n`);
  });

  it('are read by another parser as what they were', () => {
    fc.assert(
      fc.property(fc.array(fc.record({ a: text, b: text }), { minLength: 1 }), (rows) => {
        const csv = CSV.heading(['a', 'b']) + CSV.lines(rows, ['a', 'b']);
        expect(parse(csv, { columns: true, record_delimiter: '\r\n' })).toEqual(rows);
      }),
    );
  });
});

describe('rows as NDJSON', () => {
  it('are one JSON object a line', () => {
    expect(NDJSON.heading(['a'])).toBe('');
    expect(NDJSON.lines([{ a: 'x\ny' }, { a: null }], ['a'])).toBe('{"a":"x\\ny"}\n{"a":null}\n');
  });
});
