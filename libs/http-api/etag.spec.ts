import { describe, expect, it } from '@jest/globals';
import { Problem } from './errors/problem.js';
import { matchesNone, requireMatch, Tagged } from './etag.js';

describe('If-Match (RFC 9110 §13.1.1)', () => {
  it.each([undefined, '*', ' * ', '"2"', '"1", "2"', '"1","2" , "3"'])('lets %j pass for "2"', (header) => {
    expect(() => requireMatch(header, '"2"')).not.toThrow();
  });

  it.each(['"1"', 'W/"2"', '2', '', '"22"', '"1", "3"', '"*"'])('refuses %j for "2"', (header) => {
    expect(() => requireMatch(header, '"2"')).toThrow(Problem);
    expect(() => requireMatch(header, '"2"')).toThrow(expect.objectContaining({ status: 412 }));
  });
});

describe('If-None-Match (RFC 9110 §13.1.2)', () => {
  it.each([undefined, '"1"', '', '2', '"22"', '"1", "3"'])('answers in full for %j', (header) => {
    expect(matchesNone(header, '"2"')).toBe(true);
  });

  it.each(['*', '"2"', 'W/"2"', '"1", W/"2"'])('answers 304 for %j', (header) => {
    expect(matchesNone(header, '"2"')).toBe(false);
  });
});

describe('a tag by content', () => {
  it('is the same for the same content and another for any other', () => {
    const tag = Tagged.byContent({ a: 1 }).etag;
    expect(tag).toMatch(/^W\/"[A-Za-z0-9_-]{27}"$/);
    expect(Tagged.byContent({ a: 1 }).etag).toBe(tag);
    expect(Tagged.byContent({ a: 2 }).etag).not.toBe(tag);
  });
});
