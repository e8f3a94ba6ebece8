import { generatePassword } from '#operators';
import { secretFromPrompt, secretFromStdin } from '../program/secret-input.js';

export interface PasswordOptions {
  passwordStdin?: boolean;
  generate?: boolean;
}

/** Where a person's new password comes from; a generated one is part of the result, this once. */
export async function newPassword({ passwordStdin, generate }: PasswordOptions): Promise<{
  password: string;
  generated?: string;
}> {
  if (generate) {
    const generated = generatePassword();
    return { password: generated, generated };
  }
  const password = passwordStdin
    ? await secretFromStdin('password')
    : await secretFromPrompt('password', '--password-stdin takes it from a pipe, --generate makes one');
  return { password };
}
