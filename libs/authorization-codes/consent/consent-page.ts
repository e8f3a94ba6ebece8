import { formActionOf, formToken, html, HtmlPage } from '#http-api';
import { isAdminScope } from '#oauth-protocol';
import type { AuthorizationRequestEntity } from '../authorization-request.entity.js';
import type { Offer } from './next-step.js';

/** A scope in words. */
export interface DescribedScope {
  name: string;
  description: string;
}

/** What the page's token is for: this request, and exactly what was shown to whom. */
export function consentPurpose(request: string, { signedIn, scopes }: Offer): string {
  return JSON.stringify(['consent', request, signedIn.person.id, scopes]);
}

/**
 * The page that asks a person (RFC 6749 §10.2, §10.13): who asks, what for, who would give it, and
 * where the answer goes. Nothing is chosen beforehand.
 * @param changed whether this stands for an earlier one that is not true any more
 */
export function consentPage(
  { id, redirectUri, resources }: AuthorizationRequestEntity,
  offer: Offer,
  scopes: DescribedScope[],
  changed: boolean,
): HtmlPage {
  const { client, signedIn } = offer;
  return new HtmlPage({
    title: 'Allow access?',
    formAction: formActionOf(redirectUri),
    body: html`${
        changed &&
        html`<p class="error" role="alert">Something has changed since you were asked. Please look again.</p>`
      }
      <p>
        <strong><bdi>${client.name}</bdi></strong> asks for access in your name.
      </p>
      <p class="note">
        Client id <code>${client.clientId}</code>. Your answer goes to
        <code>${destinationOf(redirectUri)}</code>.
      </p>
      <h2 id="scopes">It would be able to:</h2>
      <ul class="scopes" aria-labelledby="scopes">
        ${scopes.map(scopeItem)}
      </ul>
      ${
        resources &&
        html`<p class="note">
          What it gets is for ${resources.map((one, index) => html`${index > 0 && ', '}<code>${one}</code>`)}.
        </p>`
      }
      <p>You are signed in as <strong>${signedIn.person.username}</strong>.</p>
      <form method="post" action="/oauth2/consent">
        <input type="hidden" name="request" value="${id}" />
        <input type="hidden" name="csrf" value="${formToken(signedIn.secret, consentPurpose(id, offer))}" />
        <div class="actions">
          <button type="submit" name="decision" value="allow">Allow</button>
          <button type="submit" name="decision" value="deny" class="quiet">Deny</button>
        </div>
      </form>
      <form method="post" action="/oauth2/sign-out">
        <input type="hidden" name="request" value="${id}" />
        <input type="hidden" name="csrf" value="${formToken(signedIn.secret, 'sign-out')}" />
        <p class="note">Not you? <button type="submit" class="link">Sign out</button></p>
      </form>`,
  });
}

/** Scopes that change or reveal something of Postern itself stand out. */
export function scopeItem({ name, description }: DescribedScope) {
  return html`<li>
    ${isAdminScope(name) && html`<strong>Administration:</strong> `}<bdi>${description}</bdi>
    <code>${name}</code>
  </li>`;
}

/** What a person can know a destination by: its host, or the scheme that an app on his device has. */
function destinationOf(redirectUri: string): string {
  const { host, protocol } = new URL(redirectUri);
  return protocol === 'https:' || protocol === 'http:' ? host : protocol;
}
