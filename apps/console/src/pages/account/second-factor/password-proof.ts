/** Sent with the first factor alone: whoever has one shows that. */
export function passwordProof(first: boolean, current_password: string) {
  return first ? { current_password } : {};
}

/** For a form's `validate`. */
export function passwordFault(first: boolean, password: string): string | null {
  return first && password === '' ? 'Type the one that you have now' : null;
}
