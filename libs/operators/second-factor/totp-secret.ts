/** Loaded at its first use, as most servers start without one. */
const otp = () => import('otpauth');

/** RFC 6238 as every app on a phone has it: SHA-1, six digits, 30 seconds. */
const PARAMETERS = { algorithm: 'SHA1', digits: 6, period: 30 } as const;
/** RFC 4226 §4, R6: 160 bits. */
const SECRET_BYTES = 20;
/** Steps to either side that a clock may be off. */
const WINDOW = 1;

/** Six digits; people write a space between three and three. */
export const TOTP_CODE = /^\d{6}$/;

/** @returns a secret in base32, as people type it into an app that sees no QR code */
export async function newTotpSecret(): Promise<string> {
  const { Secret } = await otp();
  return new Secret({ size: SECRET_BYTES }).base32;
}

/** What the QR code says. @see https://github.com/google/google-authenticator/wiki/Key-Uri-Format */
export async function totpUri(secret: string, username: string, host: string): Promise<string> {
  const { TOTP } = await otp();
  return new TOTP({ ...PARAMETERS, issuer: `Postern ${host}`, label: username, secret }).toString();
}

/**
 * @param code as it was typed; apps show it in groups
 * @returns the 30 seconds that a code is of, counted from 1970; undefined where it is of none near now
 */
export async function totpStep(secret: string, code: string, now: Date): Promise<number | undefined> {
  const { TOTP } = await otp();
  const timestamp = now.getTime();
  const totp = new TOTP({ ...PARAMETERS, secret });
  const off = totp.validate({ token: code.replaceAll(/\s/g, ''), timestamp, window: WINDOW });
  return off === null ? undefined : totp.counter({ timestamp }) + off;
}
