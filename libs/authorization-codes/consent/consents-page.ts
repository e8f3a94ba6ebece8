import { formToken, html, HtmlPage } from '#http-api';
import type { SignedIn } from '../signed-in-people.port.js';
import type { Allowed } from './allowed-access.js';
import { scopeItem } from './consent-page.js';

/** What the token of the form that takes access from a client is for. */
export function withdrawalPurpose(clientId: string): string {
  return JSON.stringify(['withdraw', clientId]);
}

/** What a person allowed, each with a button that takes it back. */
export function consentsPage(
  { person, secret }: SignedIn,
  allowed: Allowed[],
  { status, error }: { status?: number; error?: string } = {},
): HtmlPage {
  return new HtmlPage({
    title: 'What you have allowed',
    status,
    body: html`${error && html`<p class="error" role="alert">${error}</p>`}
      <p>You are signed in as <strong>${person.username}</strong>.</p>
      ${allowed.length === 0 && html`<p>No application has access in your name.</p>`}
      ${allowed.map((one) => section(one, secret))}
      <form method="post" action="/oauth2/sign-out">
        <input type="hidden" name="csrf" value="${formToken(secret, 'sign-out')}" />
        <div class="actions"><button type="submit" class="quiet">Sign out</button></div>
      </form>`,
  });
}

function section({ client, scopes, since }: Allowed, secret: string) {
  const { name, clientId } = client;
  const day = since.toISOString().slice(0, 10);
  return html`<section>
    <h2><bdi>${name}</bdi></h2>
    <p class="note">Client id <code>${clientId}</code>, since <time datetime="${day}">${day}</time>.</p>
    <ul class="scopes">
      ${scopes.map(scopeItem)}
    </ul>
    <form method="post" action="/oauth2/consents">
      <input type="hidden" name="client_id" value="${clientId}" />
      <input type="hidden" name="csrf" value="${formToken(secret, withdrawalPurpose(clientId))}" />
      <button type="submit" class="quiet" aria-label="Withdraw access from ${name}">Withdraw access</button>
    </form>
  </section>`;
}
