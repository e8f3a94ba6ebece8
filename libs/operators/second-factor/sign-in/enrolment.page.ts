import { html, Html, HtmlPage } from '#http-api';
import { signInPath, type SignInPurpose } from '../../sign-in/sign-in-purposes.js';
import { qrCode } from '../qr-code.js';
import { PASSKEY_SCRIPT_PATH } from './passkey-script.js';
import {
  codeInput,
  errorLine,
  hiddenInputs,
  introduction,
  passkeyForm,
  type FactorPage,
} from './second-factor.page.js';

/** What a form was made for: its token is good for nothing else (`formToken`). */
export const enrolmentPurpose = (challenge: string): string => `enrolment ${challenge}`;

interface EnrolmentPage extends FactorPage {
  secret: string;
  /** What the QR code says. */
  uri: string;
  /** What `navigator.credentials.create` takes; or why there are no passkeys here. */
  passkeys: object | string;
}

/** For whom must have a second factor and has none yet. */
export function enrolmentPage(page: EnrolmentPage): HtmlPage {
  const { csrf, purpose, username, secret, uri, passkeys, error } = page;
  const action = '/oauth2/sign-in/enrolment';
  const possible = typeof passkeys === 'object';
  return new HtmlPage({
    title: 'Set up a second factor',
    status: page.status,
    headers: page.headers,
    formAction: purpose?.pending.formAction,
    script: possible ? PASSKEY_SCRIPT_PATH : undefined,
    body: html`${introduction(purpose, username)}
      <p>Your role requires a second factor beside the password, and you have none yet.</p>
      ${errorLine(error)}
      ${
        possible
          ? html`<h2>With a passkey</h2>
              <p>Your fingerprint, your face or a security key. It cannot be given away to a false page.</p>
              ${passkeyForm({ action, csrf, purpose, ceremony: 'create', options: passkeys, field: 'registration' }, 'Make a passkey')}
              <h2>Or with an app that shows codes</h2>`
          : html`<h2>With an app that shows codes</h2>`
      }
      <p>Scan this with an authenticator app, or type the key into it.</p>
      <div class="qr" role="img" aria-label="QR code with the key">${new Html(qrCode(uri))}</div>
      <p><code class="key">${inFours(secret)}</code></p>
      <form method="post" action="${action}">
        ${hiddenInputs(csrf, purpose)}
        <label for="code">The six digits that the app shows now</label>
        ${codeInput(error, 'one-time-code')}
        <div class="actions"><button type="submit">Go on</button></div>
      </form>
      ${!possible && html`<p class="note">${passkeys}</p>`}
      <p class="note"><a href="${signInPath('', purpose)}">Sign in as somebody else</a></p>`,
  });
}

/** What is shown once. Whoever reloads it has begun anew. */
export function recoveryCodesPage(codes: string[], purpose: SignInPurpose, next: string): HtmlPage {
  return new HtmlPage({
    title: 'Recovery codes',
    body: html`<p>
        Keep these where you find them without your phone: printed, or in a password manager. Each of them
        signs you in once, in place of your second factor.
      </p>
      <ul class="codes">
        ${codes.map((code) => html`<li><code>${code}</code></li>`)}
      </ul>
      <p><strong>They are not shown again.</strong></p>
      <p class="actions">
        <a class="button" href="${next}"
          >${purpose ? `Go on to ${purpose.pending.clientName}` : 'I have kept them'}</a
        >
      </p>`,
  });
}

function inFours(secret: string): string {
  return secret.match(/.{1,4}/g)!.join(' ');
}
