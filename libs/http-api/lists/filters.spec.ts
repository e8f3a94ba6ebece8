import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  equals,
  equalsUuid,
  FilterValueError,
  flag,
  integer,
  member,
  parseTime,
  substring,
  time,
  type ListFilter,
} from './filters.js';
import { SqlParameters } from './sql-parameters.js';

function sql(filter: ListFilter, text: string): { condition: string; values: unknown[] } {
  const parameters = new SqlParameters();
  const condition = filter.condition(parameters, filter.parse(text), new Date(0));
  return { condition, values: parameters.values };
}

describe('a time in a query', () => {
  it.each([
    ['2026-01-31T12:00:00Z', '2026-01-31T12:00:00.000Z'],
    ['2026-01-31T12:00:00.5Z', '2026-01-31T12:00:00.500Z'],
    ['2026-01-31T12:00:00+02:00', '2026-01-31T10:00:00.000Z'],
    ['2026-01-31t12:00:00z', '2026-01-31T12:00:00.000Z'],
    ['2026-01-31 12:00:00Z', '2026-01-31T12:00:00.000Z'],
    ['2028-02-29T00:30:00+01:00', '2028-02-28T23:30:00.000Z'],
    ['2026-01-31', '2026-01-31T00:00:00.000Z'],
  ])('may be %s', (text, expected) => {
    expect(parseTime(text).toISOString()).toBe(expected);
  });

  it.each([
    '',
    'yesterday',
    '1769860800',
    '2026',
    '2026-01',
    '2026-1-31',
    '2026-13-01',
    '2026-02-30',
    '2026-02-29T12:00:00Z',
    '2026-04-31T12:00:00Z',
    '2026-01-31T24:00:00Z',
    '2026-01-31T12:00Z',
    '2026-01-31T12:00:00',
    '2026-01-31T12:00:00+0200',
    '2026-01-31T12:00:00Z\n',
    '+012026-01-31T12:00:00Z',
    'Sat, 31 Jan 2026 12:00:00 GMT',
  ])('is refused as %j', (text) => {
    expect(() => parseTime(text)).toThrow(FilterValueError);
  });

  it('is every instant in its own notation', () => {
    const instant = fc.date({
      min: new Date('0001-01-01T00:00:00Z'),
      max: new Date('9999-12-31T23:59:59Z'),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(instant, (date) => {
        expect(parseTime(date.toISOString())).toEqual(date);
      }),
    );
  });
});

describe('a filter', () => {
  it('takes the wildcards of a substring literally', () => {
    expect(sql(substring('search', ['a', 'b'], 'Things.'), '50%_\\')).toEqual({
      condition: '(a ILIKE $1 OR b ILIKE $1)',
      values: ['%50\\%\\_\\\\%'],
    });
  });

  it('never puts a value into the SQL itself', () => {
    const all = [substring('x', 'x', 'X.'), equals('x', 'x', 'X.'), member('x', 'x', 'X.')];
    const harmless = all.map((filter) => sql(filter, 'harmless').condition);
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(all.map((filter) => sql(filter, text).condition)).toEqual(harmless);
      }),
    );
  });

  it('with a fixed set of values takes no other', () => {
    const filter = equals('outcome', 'outcome', 'Outcome.', ['success', 'failure']);
    expect(sql(filter, 'success')).toEqual({ condition: 'outcome = $1', values: ['success'] });
    expect(() => filter.parse('Success')).toThrow('must be one of success, failure');
  });

  it('for a UUID takes nothing else', () => {
    const filter = equalsUuid('token_id', 'token_id', 'Token.');
    expect(sql(filter, '019aa6f5-7b1c-7d3e-9f60-5a3c2b1d0e4f').condition).toBe('token_id = $1');
    for (const text of [
      '',
      '1',
      '019aa6f57b1c7d3e9f605a3c2b1d0e4f',
      '{019aa6f5-7b1c-7d3e-9f60-5a3c2b1d0e4f}',
    ]) {
      expect(() => filter.parse(text)).toThrow('must be a UUID');
    }
  });

  it('for a flag takes true and false', () => {
    const filter = flag('active', 'active', 'Active.');
    expect(sql(filter, 'false')).toEqual({ condition: 'active = $1', values: [false] });
    for (const text of ['', '1', 'yes', 'TRUE']) expect(() => filter.parse(text)).toThrow(FilterValueError);
  });

  it('for a number takes what a 32-bit integer column can hold', () => {
    const filter = integer('ttl', 'ttl', 'Seconds.', '>=');
    expect(sql(filter, '-5')).toEqual({ condition: 'ttl >= $1', values: [-5] });
    expect(sql(filter, '2147483647').values).toEqual([2_147_483_647]);
    for (const text of ['', '1.5', '1e3', '0x10', ' 1', '2147483648', '-2147483648', '9'.repeat(30)]) {
      expect(() => filter.parse(text)).toThrow('must be a whole number');
    }
  });

  it('compares times and looks into arrays', () => {
    expect(sql(time('from', 'at', 'From.', '>='), '2026-01-31')).toEqual({
      condition: 'at >= $1',
      values: [new Date('2026-01-31T00:00:00Z')],
    });
    expect(sql(member('port', 'ports', 'Port.', 'integer'), '22')).toEqual({
      condition: 'ports @> $1::integer[]',
      values: [[22]],
    });
  });
});
