import { describe, expect, it } from '@jest/globals';
import { asServed } from './spelled-paths.js';

describe('a path as it is served', () => {
  it.each([
    ['//pam/apps/users/user/', '/pam/apps/users/user'],
    ['//pam/apps/users/user', '/pam/apps/users/user'],
    ['/pam/apps/users/user/?a=//b/', '/pam/apps/users/user?a=//b/'],
    ['/pam/apps/users/user?a=/', '/pam/apps/users/user?a=/'],
  ])('is that of %s: %s', (spelled, served) => {
    expect(asServed(spelled)).toBe(served);
  });

  it.each([
    '/',
    '*',
    '//',
    '//evil.example.com/pam/apps/users/user/',
    '///pam/apps/users/user/',
    '//pam/v1/users/',
    '/pam/apps',
    '/pam/appsx/',
    '//api/v1/clients',
    '/?//pam/apps/x/',
  ])('is as it was where it is no path of that system: %s', (url) => {
    expect(asServed(url)).toBe(url);
  });

  it('leads nowhere else by its dots', () => {
    expect(asServed('//pam/apps/../../api/v1/clients')).toBe('/pam/apps/../../api/v1/clients');
  });

  it('takes no more time for many slashes', () => {
    const begun = performance.now();
    asServed(`//pam/apps/${'/'.repeat(200_000)}x`);
    expect(performance.now() - begun).toBeLessThan(1000);
  });
});
