import { describe, expect, it } from '@jest/globals';
import { negotiate } from './negotiation.js';

const OFFERED = ['application/json', 'application/x-ndjson', 'text/csv'] as const;

describe('negotiation of the media type (RFC 9110 §12.5.1)', () => {
  it.each([
    [undefined, 'application/json'],
    ['', 'application/json'],
    ['*/*', 'application/json'],
    ['application/*', 'application/json'],
    ['text/*', 'text/csv'],
    ['TEXT/CSV', 'text/csv'],
    ['text/csv; header=present; charset=utf-8', 'text/csv'],
    ['application/x-ndjson, */*', 'application/x-ndjson'],
    ['application/x-ndjson, application/json', 'application/x-ndjson'],
    ['application/json, application/x-ndjson', 'application/json'],
    ['text/html, application/xhtml+xml, */*;q=0.8', 'application/json'],
    ['application/json;q=0.5, text/csv;q=0.9', 'text/csv'],
    ['text/csv;q=0.1, application/*;q=0.2', 'application/json'],
    ['*/*, application/json;q=0', 'application/x-ndjson'],
    ['*/*;q=0.1, text/csv;q=0', 'application/json'],
    ['image/png', undefined],
    ['text/csv;q=0', undefined],
    ['text/csv;q=2', undefined],
    ['text/html', undefined],
    ['nonsense', undefined],
    ['*', undefined],
  ])('%j gives %j', (accept, expected) => {
    expect(negotiate(accept, OFFERED)).toBe(expected);
  });
});
