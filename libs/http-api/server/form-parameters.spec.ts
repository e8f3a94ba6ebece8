import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Problem } from '../errors/problem.js';
import { FormParameters } from './form-parameters.js';

function faultOf(text: string): Problem {
  try {
    FormParameters.parse(text);
  } catch (error) {
    if (error instanceof Problem) return error;
  }
  throw new Error('It was taken.');
}

describe('form parameters', () => {
  it('are decoded, plus signs and all', () => {
    const form = FormParameters.parse('grant_type=client_credentials&scope=a+b%20c&note=1%2B1%3D2&x=a=b');
    expect(form.names()).toEqual(['grant_type', 'scope', 'note', 'x']);
    expect(form.get('scope')).toBe('a b c');
    expect(form.get('note')).toBe('1+1=2');
    expect(form.get('x')).toBe('a=b');
  });

  it('may be empty, which is not absent', () => {
    const form = FormParameters.parse('a=&b&&c=1');
    expect([form.get('a'), form.get('b'), form.get('c')]).toEqual(['', '', '1']);
    expect(form.has('a')).toBe(true);
    expect(form.has('d')).toBe(false);
    expect(form.get('d')).toBeUndefined();
  });

  it('that come twice have no value and are named (RFC 6749 §3.2)', () => {
    const form = FormParameters.parse('a=1&b=2&%61=1');
    expect(form.repeated()).toEqual(['a']);
    expect(form.get('a')).toBeUndefined();
    expect(form.get('b')).toBe('2');
  });

  it('may come as often as fits into a body, and take no more time for it', () => {
    const form = FormParameters.parse('a&'.repeat(500_000));
    expect(form.repeated()).toEqual(['a']);
  });

  it('may be called like something that every object has', () => {
    const form = FormParameters.parse('__proto__=1&constructor=2');
    expect(form.get('__proto__')).toBe('1');
    expect(form.has('toString')).toBe(false);
  });

  it.each([
    'client_id=%',
    'client_id=%zz',
    'client_id=%ff',
    'client_id=%c3',
    'client_id=%00',
    'client_id=%ed%a0%80',
  ])('are refused by name where they cannot be read: %s', (text) => {
    expect(faultOf(text)).toMatchObject({ status: 400, errors: [{ field: 'client_id' }] });
  });

  it('are refused where the name cannot be read', () => {
    expect(faultOf('%ff=1').status).toBe(400);
    expect(faultOf('a%00=1').status).toBe(400);
  });

  it('come back as they were encoded', () => {
    const text = fc.string({ unit: 'grapheme' }).filter((value) => !value.includes('\u0000'));
    fc.assert(
      fc.property(text, text, (name, value) => {
        const form = FormParameters.parse(new URLSearchParams([[name, value]]).toString());
        expect(form.get(name)).toBe(value);
      }),
    );
  });
});
