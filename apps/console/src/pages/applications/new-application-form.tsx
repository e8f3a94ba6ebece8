import { Button, Collapse, Group, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useDisclosure } from '@mantine/hooks';
import { IconChevronDown, IconChevronUp } from '@tabler/icons-react';
import { useState } from 'react';
import { Problem } from '../../api/problem';
import { PAM_NAMES } from '../../app/pages';
import { useSession } from '../../session/session';
import { fieldErrors } from '../../ui/form-errors';
import { ErrorState } from '../../ui/states';
import { BY_KEY, hasSecret } from '../application/assurance/authentication';
import { keysFault, sentJwks } from '../application/assurance/jwks';
import { linesOf } from '../application/settings-values';
import type { NewApplicationBody, NewApplicationValues } from './new-application-values';
import { MoreSettings } from './more-settings';

/** Needs only a name. */
export function NewApplicationForm({
  saving,
  save,
  onCancel,
}: {
  saving: boolean;
  save(application: NewApplicationBody): Promise<unknown>;
  onCancel(): void;
}) {
  const { account } = useSession();
  const [more, { open, toggle }] = useDisclosure(false);
  const [rest, setRest] = useState<unknown>();
  const form = useForm<NewApplicationValues>({
    mode: 'controlled',
    initialValues: {
      name: '',
      notes: '',
      scopes: PAM_NAMES.map((name) => `${name}:read`),
      grant_types: ['client_credentials'],
      token_endpoint_auth_method: 'client_secret_basic',
      jwks: '',
      redirect_uris: '',
      require_pkce: true,
      require_par: false,
      dpop_bound_access_tokens: false,
      resources: '',
      profile: null,
      client_id: '',
      client_secret: '',
      access_token_ttl: '',
      active: true,
      customer_id: account.customer_id,
    },
    validate: {
      name: (name) => (name.trim() === '' ? 'Give it a name.' : null),
      jwks: (jwks, { token_endpoint_auth_method: method }) => keysFault(jwks, method === BY_KEY),
    },
    validateInputOnBlur: ['jwks'],
  });
  /** What is wrong must be in sight. */
  const showFaults = (fields: object) => {
    if (Object.keys(fields).some((field) => field !== 'name')) open();
  };
  const submit = form.onSubmit(async (values) => {
    setRest(undefined);
    try {
      await save(bodyOf(values));
    } catch (error) {
      setRest(fieldErrors(form, error));
      if (error instanceof Problem) showFaults(error.fields);
    }
  }, showFaults);
  return (
    <form onSubmit={(event) => void submit(event)} noValidate>
      <Stack>
        {rest !== undefined && <ErrorState error={rest} title="It was not registered" />}
        <TextInput
          label="Name"
          description="What people call it. No other application of the customer has the same."
          placeholder="SIEM connector"
          required
          maxLength={200}
          data-autofocus
          {...form.getInputProps('name')}
        />
        <div>
          <Button
            variant="subtle"
            size="compact-sm"
            ml={-8}
            aria-expanded={more}
            rightSection={more ? <IconChevronUp size={14} /> : <IconChevronDown size={14} />}
            onClick={toggle}
          >
            {more ? 'Less' : 'More settings'}
          </Button>
        </div>
        <Collapse expanded={more}>
          <MoreSettings form={form} />
        </Collapse>
        <Group justify="flex-end">
          <Button variant="default" onClick={onCancel}>
            Cancel
          </Button>
          <Button type="submit" loading={saving}>
            Register application
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function bodyOf(values: NewApplicationValues): NewApplicationBody {
  const { redirect_uris, resources, jwks, client_secret, ...others } = values;
  const body = {
    ...others,
    name: values.name.trim(),
    redirect_uris: linesOf(redirect_uris),
    resources: linesOf(resources),
    jwks: sentJwks(jwks),
    client_secret: hasSecret(values.token_endpoint_auth_method) ? client_secret : '',
  };
  return Object.fromEntries(
    Object.entries(body).filter(([, value]) => value !== ''),
  ) as object as NewApplicationBody;
}
