import type { ErrorForm } from '../errors/error-form.js';
import type { Problem } from '../errors/problem.js';
import { html } from './html.js';
import { HtmlPage } from './page.js';

/** A name that a page may show: no sentence, which a link to us would else put on a page of ours. */
const PLAIN_NAME = /^[a-z_]{1,24}$/;
const MAX_FAULTS = 10;

/**
 * Errors at addresses that people open: a page that says what is wrong, and of what the request said
 * no more than the plain names of parameters.
 */
export function pageErrorForm(prefix: string): ErrorForm {
  return {
    prefix,
    render: (problem, requestId) => {
      const page = new HtmlPage({
        title: titleOf(problem),
        status: problem.status,
        body: html`<p>${wordsOf(problem)}</p>
          <p class="note">Request <code>${requestId}</code></p>`,
        headers: problem.headers,
      });
      return { status: page.status, headers: page.headers(), body: page.body() };
    },
  };
}

function wordsOf({ detail, errors }: Problem): string {
  if (!errors) return detail;
  const words = errors.map(
    ({ field, message }) => `${PLAIN_NAME.test(field) ? field : 'A parameter'} ${message}`,
  );
  return [...new Set(words)].slice(0, MAX_FAULTS).join('; ');
}

function titleOf({ status }: Problem): string {
  if (status === 429) return 'Too many attempts';
  if (status >= 500) return 'This cannot be done now';
  return 'This request cannot be served';
}
