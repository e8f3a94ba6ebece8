let counter = 0;

/** A name that nothing else in this process has. */
export function unique(stem: string): string {
  counter += 1;
  return `${stem}-${process.pid}-${counter}`;
}
