import type {
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
} from '@simplewebauthn/browser';

type Answer = Record<string, unknown>;

/** A passkey came to nothing; the message is for the person. */
export class PasskeyError extends Error {}

/** Has the browser make a passkey. @param options of the server @throws PasskeyError */
export async function makePasskey(options: object): Promise<Answer> {
  const { startRegistration } = await import('@simplewebauthn/browser');
  const optionsJSON = options as PublicKeyCredentialCreationOptionsJSON;
  return answerOf(startRegistration({ optionsJSON }));
}

/** Has the browser show a passkey. @param options of the server @throws PasskeyError */
export async function showPasskey(options: object): Promise<Answer> {
  const { startAuthentication } = await import('@simplewebauthn/browser');
  const optionsJSON = options as PublicKeyCredentialRequestOptionsJSON;
  return answerOf(startAuthentication({ optionsJSON }));
}

async function answerOf(ceremony: Promise<object>): Promise<Answer> {
  try {
    return { ...(await ceremony) };
  } catch (reason) {
    throw new PasskeyError(wordsOf(reason));
  }
}

function wordsOf(reason: unknown): string {
  if (!(reason instanceof Error)) return String(reason);
  // A library's error has the browser's own as its cause, whose name is one of the standard's.
  const { name } = reason.cause instanceof Error ? reason.cause : reason;
  if (name === 'InvalidStateError') return 'This device holds a passkey of yours already.';
  if (name === 'NotAllowedError') return 'It was cancelled, or took too long. Please try again.';
  return `The browser could not do that: ${reason.message}`;
}
