const CODES = { red: 31, green: 32, yellow: 33, dim: 2, bold: 1 } as const;

/** A text in a colour, where the stream is a terminal and nobody asked for none (https://no-color.org). */
export function paint(stream: NodeJS.WriteStream, colour: keyof typeof CODES, text: string): string {
  if (!stream.isTTY || process.env.NO_COLOR) return text;
  return `\u001b[${CODES[colour]}m${text}\u001b[0m`;
}
