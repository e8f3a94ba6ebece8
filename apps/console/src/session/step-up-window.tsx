import { Anchor, Button, Modal, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from 'react-router';
import { api } from '../api/client';
import { FormWindow } from '../ui/form-window';
import { ErrorState, LoadingPage } from '../ui/states';
import { ownFactors, type OwnFactors } from './own-factors';
import { PasskeyButton } from './passkey-button';
import { settleStepUp } from './step-up';
import { useStepUpAsked } from './use-step-up-asked';

const TITLE = 'Show your second factor';

/** Asks for the second factor whenever a call wants it, wherever that was made. */
export function StepUp() {
  return useStepUpAsked() ? <StepUpWindow /> : null;
}

const cancel = () => settleStepUp(false);

function StepUpWindow() {
  const factors = useQuery(ownFactors);
  if (factors.data?.enrolled) return <ShowFactor factors={factors.data} />;
  return (
    <Modal opened onClose={cancel} title={TITLE}>
      {factors.data && <NoFactorYet />}
      {factors.error && !factors.data && (
        <ErrorState error={factors.error} retry={() => void factors.refetch()} />
      )}
      {factors.isPending && <LoadingPage />}
    </Modal>
  );
}

function ShowFactor({ factors }: { factors: OwnFactors }) {
  const client = useQueryClient();
  const form = useForm({
    initialValues: { code: '' },
    validate: { code: (code) => (code.trim() === '' ? 'Type a code' : null) },
  });
  const done = () => {
    void client.invalidateQueries({ queryKey: ownFactors.queryKey });
    settleStepUp(true);
  };
  const byPasskey = factors.passkeys.length > 0 && factors.passkeys_impossible_because === null;
  return (
    <FormWindow
      title={TITLE}
      form={form}
      action="Go on"
      onClose={cancel}
      onDone={done}
      submit={({ code }) =>
        api.POST('/api/v1/account/second-factor/verification', { body: { code: code.trim() } })
      }
    >
      <Text size="sm">
        This asks for more than your password. What you show now is good for five minutes.
      </Text>
      {byPasskey && <PasskeyButton onDone={done} />}
      <TextInput
        label={factors.totp ? 'Code of your app, or a recovery code' : 'Recovery code'}
        autoComplete="one-time-code"
        autoCapitalize="none"
        spellCheck={false}
        maxLength={64}
        data-autofocus
        {...form.getInputProps('code')}
      />
    </FormWindow>
  );
}

function NoFactorYet() {
  return (
    <>
      <Text size="sm" mb="md">
        Your role requires a second factor, and you have none yet. Set one up under{' '}
        <Anchor component={Link} to="/account" inherit onClick={cancel}>
          My account
        </Anchor>
        , and do this again.
      </Text>
      <Button variant="default" onClick={cancel}>
        Close
      </Button>
    </>
  );
}
