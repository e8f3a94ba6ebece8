import { describe, expect, it } from '@jest/globals';
import { CLIENT_ID, SUPPLIED_CLIENT_SECRET } from './client-metadata.js';
import { redirectUriFault } from './redirect-uri.js';

describe('a redirect URI', () => {
  it.each([
    'https://app.example.com/callback',
    'https://app.example.com',
    'https://app.example.com:8443/callback?tenant=1',
    'http://127.0.0.1/callback',
    'http://127.0.0.1:53682/callback',
    'http://[::1]/callback',
    'http://[::1]:8080/callback',
  ])('may be registered by any client as %s', (uri) => {
    expect(redirectUriFault(uri, true)).toBeUndefined();
    expect(redirectUriFault(uri, false)).toBeUndefined();
  });

  it.each([
    ['http://localhost/callback', 'http to a name'],
    ['http://localhost:8080/callback', 'http to a name'],
    ['http://app.example.com/callback', 'http to another host'],
    ['http://127.0.0.1.example.com/callback', 'a host that only begins like loopback'],
    ['http://127.1/callback', 'loopback in another spelling'],
    ['http://2130706433/callback', 'loopback as a number'],
    ['http://[0:0:0:0:0:0:0:1]/callback', 'loopback in another spelling'],
    ['https://user@app.example.com/callback', 'user information'],
    ['https://user:word@app.example.com/callback', 'user information'],
    ['http://user@127.0.0.1/callback', 'user information'],
    ['com.example.app://user@host/callback', 'user information'],
    ['com.example.app://user:word@host', 'user information'],
    ['https://app.example.com;sandbox/callback', 'a host that would divide a policy'],
    ['https://app.example.com,evil/callback', 'a host that would divide a policy'],
    ["https://app.example.com'/callback", 'a host with a quote'],
    ['https://app.example.com%2eevil.example/callback', 'a host in percent-encoding'],
    ['https://app.example.com/callback#top', 'a fragment'],
    ['https://app.example.com/callback#', 'an empty fragment'],
    ['https://*.example.com/callback', 'a wildcard'],
    ['https://app.example.com/*', 'a wildcard'],
    ['https://app.example.com\\@evil.example/', 'a backslash'],
    ['javascript:alert(1)', 'a script'],
    ['JavaScript:alert(1)', 'a script'],
    ['data:text/html,hello', 'data'],
    ['vbscript:x', 'a script'],
    ['file:///etc/passwd', 'a file'],
    ['about:blank', 'a scheme without a dot'],
    ['myapp:/callback', 'a scheme without a dot'],
    ['/callback', 'a relative reference'],
    ['//app.example.com/callback', 'a relative reference'],
    ['https:app.example.com', 'no host'],
    ['https:///callback', 'no host'],
    ['https://app.example.com:99999/', 'a port that is none'],
    ['https://app.example.com/call back', 'a space'],
    ['https://app.example.com/\ncallback', 'a line break'],
    ['https://ünïcode.example/callback', 'characters beyond ASCII'],
    ['https://app.example.com/callback?code=1', 'a parameter of the response'],
    ['https://app.example.com/callback?a=b&state=1', 'a parameter of the response'],
    ['', 'nothing'],
  ])('is refused to every client as %s: %s', (uri) => {
    expect(redirectUriFault(uri, true)).toEqual(expect.any(String));
    expect(redirectUriFault(uri, false)).toEqual(expect.any(String));
  });

  it.each(['com.example.app:/callback', 'com.example.app://callback'])(
    'may have a private-use scheme for public clients only: %s',
    (uri) => {
      expect(redirectUriFault(uri, true)).toBeUndefined();
      expect(redirectUriFault(uri, false)).toContain('public clients only');
    },
  );
});

describe('ids and secrets that are supplied', () => {
  it('are of the lengths and characters that the contract names', () => {
    expect(CLIENT_ID.test('a')).toBe(true);
    expect(CLIENT_ID.test('A-z_0.9~'.repeat(16))).toBe(true);
    for (const bad of ['', 'a b', 'a/b', 'ä', 'a\n', 'a'.repeat(129)])
      expect(CLIENT_ID.test(bad)).toBe(false);
    expect(SUPPLIED_CLIENT_SECRET.test('correct horse battery')).toBe(true);
    for (const bad of ['fifteen letters', 'a'.repeat(257), 'sixteen letters\n', 'sixteen lëtters!']) {
      expect(SUPPLIED_CLIENT_SECRET.test(bad)).toBe(false);
    }
  });
});
