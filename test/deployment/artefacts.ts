import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { Variables } from '#configuration';

export const ROOT = join(import.meta.dirname, '../../..');
/** A stopping Postern ends within this, in seconds. */
export const STOPS_WITHIN = 10;
/** What an instance takes beside its pool: one that listens, and one that greets it. */
export const CONNECTIONS_BESIDE_POOL = 2;
/** Of Node.js and of the image, and none of ours. */
const FOREIGN = ['NODE_ENV'];
/** What is given as a file, and never as a value. */
const SECRET = /^(DATABASE_URL|DATABASE_REPLICA_URLS|REDIS_URL|.*(KEY|PASSWORD|SECRET))$/;

export const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');
/** What is in it, `<<` merged. */
export const readYaml = (path: string) => parse(read(path), { merge: true });

/** The names that are neither a variable, nor one's file. */
export function unknownVariables(names: string[]): string[] {
  const known = Object.keys(new Variables());
  return names.filter(
    (name) => ![...FOREIGN, ...known, ...known.map((variable) => `${variable}_FILE`)].includes(name),
  );
}

/** The names whose value would be a secret that everybody sees. */
export const shownSecrets = (names: string[]) => names.filter((name) => SECRET.test(name));
