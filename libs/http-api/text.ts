/**
 * Text that PostgreSQL can hold and that comes back as it was: no NUL, no lone surrogate.
 * @returns what is wrong with it, or undefined
 */
export function textFault(text: string): string | undefined {
  if (text.includes('\u0000')) return 'must not contain a NUL character';
  if (!text.isWellFormed()) return 'must be well-formed Unicode';
  return undefined;
}

/** `user-groups` as `UserGroups`, `user group` as `UserGroup`: for names in the OpenAPI document. */
export function pascalCase(words: string): string {
  return words.replace(/(?:^|[- ])(\w)/g, (_, letter: string) => letter.toUpperCase());
}
