export type Status = 'ok' | 'warn' | 'fail';

/** What one check found, and what to do about it. Never holds a secret or a URL with a password. */
export interface Finding {
  check: string;
  status: Status;
  found: string;
  /** Where it is not ok. */
  remedy?: string;
}

export const ok = (check: string, found: string): Finding => ({ check, status: 'ok', found });
export const warn = (check: string, found: string, remedy: string): Finding => ({
  check,
  status: 'warn',
  found,
  remedy,
});
export const fail = (check: string, found: string, remedy: string): Finding => ({
  check,
  status: 'fail',
  found,
  remedy,
});
