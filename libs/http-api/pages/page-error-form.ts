import type { ErrorForm } from '../errors/error-form.js';
import type { Problem } from '../errors/problem.js';
import { html } from './html.js';
import { HtmlPage } from './page.js';

/** Errors at addresses that people open: a page that says what is wrong, and nothing that the request said. */
export function pageErrorForm(prefix: string): ErrorForm {
  return {
    prefix,
    render: (problem, requestId) => {
      const page = new HtmlPage({
        title: titleOf(problem),
        status: problem.status,
        body: html`<p>${problem.detail}</p>
          <p class="note">Request <code>${requestId}</code></p>`,
        headers: problem.headers,
      });
      return { status: page.status, headers: page.headers(), body: page.body() };
    },
  };
}

function titleOf({ status }: Problem): string {
  if (status === 429) return 'Too many attempts';
  if (status >= 500) return 'This cannot be done now';
  return 'This request cannot be served';
}
