import { Injectable } from '@nestjs/common';
import { SlowHashing } from '#access-control';
import { MAX_PASSWORD, MIN_PASSWORD } from '#oauth-protocol';

/**
 * What is wrong with a password that somebody chose. Length is what counts; no rule of composition.
 * @returns the fault in words, or undefined
 */
export function passwordFault(username: string, password: string): string | undefined {
  const length = [...password].length;
  if (length < MIN_PASSWORD || length > MAX_PASSWORD)
    return `must be ${MIN_PASSWORD} to ${MAX_PASSWORD} characters`;
  if (password.trim() === '') return 'must not be blank';
  if (password.toLowerCase() === username.toLowerCase()) return 'must not be the username';
  return undefined;
}

/** The passwords of people, kept as bcrypt hashes. */
@Injectable()
export class Passwords {
  constructor(private readonly hashing: SlowHashing) {}

  /** @throws Problem 503 while too many hashes wait */
  hash(password: string): Promise<string> {
    return this.hashing.hash(normalized(password));
  }

  /**
   * Whether the password is the one of this hash. Without a hash, for somebody unknown, it takes as
   * long and is not.
   * @throws Problem 503 while too many hashes wait
   */
  async matches(password: string, hash: string | undefined): Promise<boolean> {
    return (await this.hashing.match(normalized(password), hash === undefined ? [] : [hash])) === 0;
  }
}

/** NIST SP 800-63B §3.1.1.2: one keyboard sends a letter and its accent as one, another as two. */
function normalized(password: string): string {
  return password.normalize('NFKC');
}
