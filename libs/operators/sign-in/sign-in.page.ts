import { html, HtmlPage, type Html } from '#http-api';
import type { PendingAuthorization } from './pending-authorizations.port.js';
import type { Session } from './sessions.js';

/** What a form was made for: its token is good for nothing else (`formToken`). */
export const SIGN_OUT = 'sign-out';
export const signInPurpose = (request: string | undefined): string => `sign-in ${request ?? ''}`;

interface SignInPage {
  /** The form's token. */
  csrf: string;
  /** The authorization request that waits, and what is known of it. */
  request?: string;
  pending?: PendingAuthorization;
  /** What was typed; the password is not shown again. */
  username?: string;
  error?: string;
  status?: number;
  headers?: Record<string, string>;
}

/** The form that asks who it is. */
export function signInPage(page: SignInPage): HtmlPage {
  const { csrf, request, pending, username = '', error } = page;
  const faulty = error && html` aria-invalid="true" aria-describedby="error"`;
  const focus = html` autofocus`;
  return new HtmlPage({
    title: 'Sign in',
    status: page.status,
    headers: page.headers,
    formAction: pending?.formAction,
    body: html`${pending && html`<p>to go on to <strong>${pending.clientName}</strong></p>`}
      ${error && html`<p class="error" role="alert" id="error">${error}</p>`}
      <form method="post" action="/oauth2/sign-in">
        <input type="hidden" name="csrf" value="${csrf}" />
        ${requestInput(request)}
        <label for="username">Username</label>
        <input
          id="username"
          name="username"
          value="${username}"
          autocomplete="username"
          autocapitalize="none"
          spellcheck="false"
          required${faulty}${username === '' && focus}
        />
        <label for="password">Password</label>
        <input
          id="password"
          name="password"
          type="password"
          autocomplete="current-password"
          required${faulty}${username !== '' && focus}
        />
        <div class="actions"><button type="submit">Sign in</button></div>
      </form>`,
  });
}

/** For who is signed in and has come for nothing else. */
export function signedInPage({ person }: Session, csrf: string): HtmlPage {
  return new HtmlPage({
    title: 'Signed in',
    body: html`<p>You are signed in as <strong>${person.username}</strong> (${person.role}).</p>
      <p><a href="/oauth2/consents">What you have allowed applications</a></p>
      ${signOutForm(csrf)}`,
  });
}

/** A form that could not be told to be ours; sent again from here it can. */
export function signOutPage(csrf: string, request: string | undefined): HtmlPage {
  return new HtmlPage({
    title: 'Sign out',
    status: 403,
    body: html`<p class="error" role="alert">That did not work. Please try again.</p>
      ${signOutForm(csrf, request)}`,
  });
}

/** An authorization request that is over, was never made, or was made by another browser. */
export function startAgainPage(): HtmlPage {
  return new HtmlPage({
    title: 'Start again',
    status: 400,
    body: html`<p class="error" role="alert">
        This sign-in is over, or was begun in another browser. Go back to the application and start again
        there.
      </p>
      <p><a href="/oauth2/sign-in">Sign in to Postern alone</a></p>`,
  });
}

function signOutForm(csrf: string, request?: string): Html {
  return html`<form method="post" action="/oauth2/sign-out">
    <input type="hidden" name="csrf" value="${csrf}" />
    ${requestInput(request)}
    <div class="actions"><button type="submit" class="quiet">Sign out</button></div>
  </form>`;
}

function requestInput(request: string | undefined): Html | undefined {
  return request === undefined ? undefined : html`<input type="hidden" name="request" value="${request}" />`;
}
