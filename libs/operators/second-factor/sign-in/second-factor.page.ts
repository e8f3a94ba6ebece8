import { html, HtmlPage, type Html } from '#http-api';
import { signInPath, type SignInPurpose } from '../../sign-in/sign-in-purposes.js';
import { PASSKEY_SCRIPT_PATH } from './passkey-script.js';

/** What a form was made for: its token is good for nothing else (`formToken`). */
export const secondFactorPurpose = (challenge: string): string => `second-factor ${challenge}`;

export interface FactorPage {
  /** The form's token. */
  csrf: string;
  purpose: SignInPurpose;
  /** Who has shown his password. */
  username: string;
  error?: string;
  status?: number;
  headers?: Record<string, string>;
}

interface SecondFactorPage extends FactorPage {
  /** What `navigator.credentials.get` takes, where he has passkeys and browsers know them here. */
  passkeys?: object;
  /** Whether he has an app that shows codes. */
  totp: boolean;
}

/** The form that asks for what a person has, after what he knows. */
export function secondFactorPage(page: SecondFactorPage): HtmlPage {
  const { csrf, purpose, username, passkeys, totp, error } = page;
  const action = '/oauth2/sign-in/second-factor';
  return new HtmlPage({
    title: 'Second factor',
    status: page.status,
    headers: page.headers,
    formAction: purpose?.pending.formAction,
    script: passkeys && PASSKEY_SCRIPT_PATH,
    body: html`${introduction(purpose, username)} ${errorLine(error)}
      ${
        passkeys &&
        html`${passkeyForm({ action, csrf, purpose, ceremony: 'get', options: passkeys, field: 'assertion' }, 'Use a passkey')}
          <h2>Or a code</h2>`
      }
      <form method="post" action="${action}">
        ${hiddenInputs(csrf, purpose)}
        <label for="code">${totp ? 'Code of your app, or a recovery code' : 'Recovery code'}</label>
        ${codeInput(error, totp ? 'one-time-code' : 'off')}
        <div class="actions"><button type="submit">Sign in</button></div>
      </form>
      <p class="note"><a href="${signInPath('', purpose)}">Sign in as somebody else</a></p>`,
  });
}

/** For a challenge that is over, was never there, or is another browser's. */
export function signInAnewPage(purpose: SignInPurpose): HtmlPage {
  return new HtmlPage({
    title: 'Sign in again',
    status: 400,
    body: html`<p class="error" role="alert">
        This took too long, too many codes were wrong, or it was begun in another browser.
      </p>
      <p><a href="${signInPath('', purpose)}">Sign in</a></p>`,
  });
}

export function introduction(purpose: SignInPurpose, username: string): Html {
  return html`<p>
    ${purpose && html`To go on to <strong>${purpose.pending.clientName}</strong>, `}${purpose ? 'you' : 'You'}
    sign in as <strong>${username}</strong>.
  </p>`;
}

export function errorLine(error: string | undefined): Html | undefined {
  return error === undefined ? undefined : html`<p class="error" role="alert" id="error">${error}</p>`;
}

export function hiddenInputs(csrf: string, purpose: SignInPurpose): Html {
  return html`<input type="hidden" name="csrf" value="${csrf}" />
    ${purpose && html`<input type="hidden" name="request" value="${purpose.request}" />`}`;
}

export function codeInput(error: string | undefined, autocomplete: string): Html {
  return html`<input
    id="code"
    name="code"
    autocomplete="${autocomplete}"
    autocapitalize="none"
    spellcheck="false"
    maxlength="64"
    required
    autofocus${error !== undefined && html` aria-invalid="true" aria-describedby="error"`}
  />`;
}

interface PasskeyForm {
  action: string;
  csrf: string;
  purpose: SignInPurpose;
  ceremony: 'create' | 'get';
  options: object;
  field: 'assertion' | 'registration';
}

/** A button that needs the script; without one it says so, and the rest of the page does all the same. */
export function passkeyForm(form: PasskeyForm, label: string): Html {
  const { action, csrf, purpose, ceremony, options, field } = form;
  return html`<form
      method="post"
      action="${action}"
      data-passkey="${ceremony}"
      data-options="${JSON.stringify(options)}"
      hidden
    >
      ${hiddenInputs(csrf, purpose)}
      <input type="hidden" name="${field}" value="" />
      <p class="error" role="alert" hidden></p>
      <div class="actions"><button type="submit">${label}</button></div>
    </form>
    <noscript><p class="note">Passkeys need JavaScript, which this browser does not run here.</p></noscript>`;
}
