import { describe, expect, it } from '@jest/globals';
import { sameHttpUri } from './http-uri.js';

const URI = 'https://postern.example.com/pam/v1/users';

describe('an http address (RFC 3986 §6.2)', () => {
  it.each([
    URI,
    `${URI}?limit=1`,
    `${URI}#part`,
    'HTTPS://POSTERN.example.com/pam/v1/users',
    'https://postern.example.com:443/pam/v1/users',
    'https://postern.example.com/pam/v1/%75sers',
    'https://postern.example.com/pam/./v1/x/../users',
  ])('is the same, spelled as %s', (spelled) => {
    expect(sameHttpUri(spelled, URI)).toBe(true);
  });

  it.each([
    '',
    '/pam/v1/users',
    'http://postern.example.com/pam/v1/users',
    'https://postern.example.com:8443/pam/v1/users',
    'https://postern.example.com.evil.example/pam/v1/users',
    'https://ada@postern.example.com/pam/v1/users',
    `${URI}/`,
    'https://postern.example.com/pam/v1/Users',
    'https://postern.example.com/pam%2Fv1/users',
    'ftp://postern.example.com/pam/v1/users',
  ])('is another: %s', (other) => {
    expect(sameHttpUri(other, URI)).toBe(false);
  });

  it('keeps what an encoded character means', () => {
    expect(sameHttpUri('https://a.example/x%2fy', 'https://a.example/x%2Fy')).toBe(true);
    expect(sameHttpUri('https://a.example/x%2Fy', 'https://a.example/x/y')).toBe(false);
  });
});
