/** OpenID Connect Core §3.1.2.1, as far as it fits OAuth: how the person is to be asked. */
export const PROMPTS = ['none', 'login', 'consent'] as const;
export type Prompt = (typeof PROMPTS)[number];

/** @returns undefined for an unknown value, one that comes twice, or `none` beside another */
export function parsePrompt(text: string): Prompt[] | undefined {
  const prompts = text.split(' ').filter((one) => one !== '');
  const known = prompts.every((one): one is Prompt => (PROMPTS as readonly string[]).includes(one));
  if (!known || new Set(prompts).size !== prompts.length) return undefined;
  return prompts.includes('none') && prompts.length > 1 ? undefined : prompts;
}
