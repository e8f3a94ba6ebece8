import { createHash } from 'node:crypto';

/**
 * What a page with a passkey button runs, and nothing else: it asks the browser for what the form's
 * options say, and sends the answer by the form. It fetches nothing and keeps nothing.
 */
export const PASSKEY_SCRIPT = `'use strict';
for (const form of document.querySelectorAll('form[data-passkey]')) {
  if (!window.PublicKeyCredential) continue;
  form.hidden = false;
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    const button = form.querySelector('button');
    const error = form.querySelector('[role=alert]');
    const answer = form.querySelector('input[value=""]');
    button.disabled = true;
    error.hidden = true;
    try {
      answer.value = JSON.stringify(await ask(form.dataset.passkey, JSON.parse(form.dataset.options)));
      form.submit();
    } catch (reason) {
      answer.value = '';
      error.textContent = wordsOf(reason);
      error.hidden = false;
      button.disabled = false;
    }
  });
}

async function ask(ceremony, options) {
  const bytesOfId = (one) => ({ ...one, id: bytes(one.id) });
  const publicKey = { ...options, challenge: bytes(options.challenge) };
  if (options.user) publicKey.user = { ...options.user, id: bytes(options.user.id) };
  for (const list of ['allowCredentials', 'excludeCredentials'])
    if (options[list]) publicKey[list] = options[list].map(bytesOfId);
  const credential = await navigator.credentials[ceremony]({ publicKey });
  const { id, type, response, authenticatorAttachment } = credential;
  const parts = {};
  for (const part of ['clientDataJSON', 'attestationObject', 'authenticatorData', 'signature', 'userHandle'])
    if (response[part]) parts[part] = text(response[part]);
  if (response.getTransports) parts.transports = response.getTransports();
  return {
    id,
    rawId: text(credential.rawId),
    type,
    response: parts,
    authenticatorAttachment,
    clientExtensionResults: credential.getClientExtensionResults(),
  };
}

function wordsOf({ name }) {
  if (name === 'InvalidStateError') return 'This device holds a passkey of yours already.';
  if (name === 'NotAllowedError') return 'It was cancelled, or took too long. Please try again.';
  return 'The browser could not do that (' + name + ').';
}

function bytes(text) {
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}

function text(buffer) {
  const binary = String.fromCharCode(...new Uint8Array(buffer));
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}
`;

/** With the content's hash, so that no browser keeps one of before. */
export const PASSKEY_SCRIPT_PATH = `/oauth2/sign-in/passkey.js?v=${createHash('sha256').update(PASSKEY_SCRIPT).digest('base64url').slice(0, 16)}`;
