import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { basicReadings, parseAuthorization } from './authorization-header.js';

function basic(text: string | Buffer): string {
  return `Basic ${Buffer.from(text).toString('base64')}`;
}

describe('an Authorization header', () => {
  it('may be absent', () => {
    expect(parseAuthorization(undefined)).toEqual({ scheme: 'none' });
  });

  it('names its scheme in any case', () => {
    expect(parseAuthorization('bearer abc')).toEqual({ scheme: 'bearer', token: 'abc' });
    expect(parseAuthorization('BEARER abc')).toEqual({ scheme: 'bearer', token: 'abc' });
    expect(parseAuthorization(basic('a:b').replace('Basic', 'bAsIc'))).toMatchObject({ scheme: 'basic' });
  });

  it.each([
    'XBasicX YTpi',
    'xBasic YTpi',
    'Basically YTpi',
    'XBearer abc',
    'Bearers abc',
    'Digest a="b"',
    '',
    '(',
    '=a',
  ])('of another scheme is not taken for ours: %j', (header) => {
    expect(parseAuthorization(header)).toEqual({ scheme: 'other' });
  });

  it.each([
    'Bearer',
    'Bearer ',
    'Bearer a b',
    'Bearer a,b',
    'Bearer "a"',
    'Bearer =',
    'Bearer ä',
    'Bearer a, Bearer b',
  ])('with a bearer token that is none is malformed: %j', (header) => {
    expect(parseAuthorization(header)).toEqual({ scheme: 'malformed', of: 'bearer' });
  });
});

describe('Basic credentials (RFC 7617)', () => {
  it('end the id at the first colon; the secret keeps the others', () => {
    expect(parseAuthorization(basic('client:se:cr:et:'))).toEqual({
      scheme: 'basic',
      clientId: 'client',
      clientSecret: 'se:cr:et:',
    });
  });

  it('may have an empty secret and characters beyond ASCII', () => {
    expect(parseAuthorization(basic('client:'))).toMatchObject({ clientId: 'client', clientSecret: '' });
    expect(parseAuthorization(basic('client:pässwörd €'))).toMatchObject({ clientSecret: 'pässwörd €' });
  });

  it.each([
    ['no colon', basic('client')],
    ['no id', basic(':secret')],
    ['nothing', 'Basic'],
    ['an empty value', basic('')],
    ['invalid UTF-8', basic(Buffer.from([0x61, 0x3a, 0xff, 0xfe]))],
    ['an overlong encoding', basic(Buffer.from([0x61, 0x3a, 0xc0, 0xaf]))],
    ['a NUL', basic('client:sec\u0000ret')],
    ['no base64', 'Basic a:b'],
    ['more than one value', `${basic('a:b')}, ${basic('c:d')}`],
  ])('are malformed with %s', (_what, header) => {
    expect(parseAuthorization(header)).toEqual({ scheme: 'malformed', of: 'basic' });
  });

  it('come back as they were, whatever the secret', () => {
    const secret = fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('\u0000'));
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Za-z0-9._~-]{1,128}$/), secret, (clientId, clientSecret) => {
        expect(parseAuthorization(basic(`${clientId}:${clientSecret}`))).toEqual({
          scheme: 'basic',
          clientId,
          clientSecret,
        });
      }),
    );
  });
});

describe('the readings of Basic credentials (RFC 6749 §2.3.1)', () => {
  it('are one where form-decoding changes nothing', () => {
    expect(basicReadings('client', 'psc_aA0_-')).toEqual([{ clientId: 'client', clientSecret: 'psc_aA0_-' }]);
  });

  it('are the decoded one, then the raw one', () => {
    expect(basicReadings('a%7Eb', 'se%3Acret+1')).toEqual([
      { clientId: 'a~b', clientSecret: 'se:cret 1' },
      { clientId: 'a%7Eb', clientSecret: 'se%3Acret+1' },
    ]);
  });

  it.each(['100%', '%zz', '%ff', 'a%00b'])('are the raw one alone for %s', (clientSecret) => {
    expect(basicReadings('client', clientSecret)).toEqual([{ clientId: 'client', clientSecret }]);
  });

  it('always hold what was meant by a client that encodes, and by one that does not', () => {
    const text = fc.string({ unit: 'grapheme-ascii' });
    fc.assert(
      fc.property(text, text, (clientId, clientSecret) => {
        const meant = { clientId, clientSecret };
        const [encodedId, encodedSecret] = [clientId, clientSecret].map((part) =>
          new URLSearchParams([['', part]]).toString().slice(1),
        );
        expect(basicReadings(encodedId!, encodedSecret!)).toContainEqual(meant);
        expect(basicReadings(clientId, clientSecret)).toContainEqual(meant);
      }),
    );
  });
});
