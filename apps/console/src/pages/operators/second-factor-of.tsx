import { Button, Group, Modal, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { FieldList } from '../../ui/field-list';
import { ErrorState, LoadingPage } from '../../ui/states';
import { secondFactorOf, type FactorStanding, type Operator } from './operators';
import { ResetSecondFactor } from './reset-second-factor';

/** What a person has for a second factor, and the way out for one who has lost it. */
export function SecondFactorOf({
  operator,
  mayReset,
  onClose,
}: {
  operator: Operator;
  mayReset: boolean;
  onClose(): void;
}) {
  const [resetting, setResetting] = useState(false);
  const { data, error, refetch } = useQuery(secondFactorOf(operator.id));
  if (resetting) return <ResetSecondFactor operator={operator} onClose={onClose} />;
  return (
    <Modal opened onClose={onClose} title={`Second factor of ${operator.username}`}>
      <Stack gap="sm">
        {error && !data && <ErrorState error={error} retry={() => void refetch()} />}
        {!error && !data && <LoadingPage />}
        {data && <FieldList fields={fieldsOf(data)} />}
        <Group justify="flex-end" mt="sm">
          {mayReset && data?.enrolled && (
            <Button variant="default" onClick={() => setResetting(true)}>
              Reset second factor
            </Button>
          )}
          <Button onClick={onClose} data-autofocus>
            Close
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

function fieldsOf({ enrolled, required, passkeys, totp, recovery_codes_left }: FactorStanding) {
  return [
    { label: 'Has one', value: enrolled ? 'yes' : 'no' },
    { label: 'His role', value: required ? 'requires one' : 'leaves it to him' },
    { label: 'Passkeys', value: passkeys },
    { label: 'Authenticator app', value: totp ? 'yes' : 'no' },
    { label: 'Recovery codes left', value: recovery_codes_left },
  ];
}
