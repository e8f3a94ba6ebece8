import { Switch, Textarea } from '@mantine/core';
import { FAPI2, HELD, isHeld, type AssuranceForm } from './assurance-values';

/** What an application is held to beside proving who it is. */
export function AssuranceFields({ form }: { form: AssuranceForm }) {
  const held = isHeld(form.values);
  return (
    <>
      <Switch
        label="Hold it to the FAPI 2.0 Security Profile"
        description="What banks and governments ask for: it proves who it is by a key of its own, pushes its authorization requests, uses PKCE, and its tokens are bound to a key, so that nobody else can use them. A request that breaks a rule is refused, and says which."
        checked={held}
        onChange={({ currentTarget: { checked } }) => form.setValues(checked ? FAPI2 : { profile: null })}
        error={form.errors.profile}
      />
      <Switch
        label="Require pushed authorization requests"
        description={
          held
            ? HELD
            : 'The code flow is refused unless its request was sent to /oauth2/par first (RFC 9126).'
        }
        disabled={held}
        {...form.getInputProps('require_par', { type: 'checkbox' })}
      />
      <Switch
        label="Bind its tokens to a key"
        description={
          held
            ? HELD
            : 'It shows at each call that it has the key (DPoP, RFC 9449); a token that is stolen is worth nothing. None can be handed out.'
        }
        disabled={held}
        {...form.getInputProps('dpop_bound_access_tokens', { type: 'checkbox' })}
      />
      <Textarea
        label="Resources"
        description="Whom it may ask tokens for beside Postern itself, one URI a line (RFC 8707). Such a token is good there alone."
        placeholder="https://reports.example.com"
        autosize
        minRows={1}
        maxRows={8}
        spellCheck={false}
        classNames={{ input: 'mono' }}
        {...form.getInputProps('resources')}
      />
    </>
  );
}
