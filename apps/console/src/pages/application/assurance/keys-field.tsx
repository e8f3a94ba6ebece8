import { Textarea } from '@mantine/core';
import type { AssuranceForm } from './assurance-values';
import { BY_KEY } from './authentication';
import { keyName, readJwks } from './jwks';

/** The public keys that an application proves itself by; there while they mean something. */
export function KeysField({ form }: { form: AssuranceForm }) {
  const { jwks, token_endpoint_auth_method } = form.values;
  if (token_endpoint_auth_method !== BY_KEY && jwks.trim() === '') return null;
  return (
    <Textarea
      label="Public keys"
      description={
        foundIn(jwks) ??
        'A JWK Set, or one JWK: P-256, RSA of 2048 bits or more, Ed25519. Several, each with its kid, while they rotate.'
      }
      placeholder={'{"keys": [{"kty": "EC", "crv": "P-256", …}]}'}
      autosize
      minRows={4}
      maxRows={14}
      spellCheck={false}
      autoComplete="off"
      classNames={{ input: 'mono' }}
      {...form.getInputProps('jwks')}
    />
  );
}

/** Says what was read, so that a wrong paste is seen before it is saved. */
function foundIn(text: string): string | undefined {
  if (text.trim() === '') return undefined;
  const keys = readJwks(text).jwks?.keys;
  if (!keys) return undefined;
  return `${keys.length === 1 ? 'One key' : `${keys.length} keys`}: ${keys.map(keyName).join(', ')}.`;
}
