const UNPRINTABLE = /[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu;

/** Text that somebody else has chosen, on a terminal: what would move its cursor or colour it is shown as escapes. */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, escape);
}

/** The same of several lines. JSON means what it did. */
export function printableLines(text: string): string {
  return text.replace(UNPRINTABLE, (character) => (character === '\n' ? character : escape(character)));
}

function escape(character: string): string {
  return `\\u${character.codePointAt(0)!.toString(16).padStart(4, '0')}`;
}
