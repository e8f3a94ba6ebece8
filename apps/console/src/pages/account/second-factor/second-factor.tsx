import { Text } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { ownFactors } from '../../../session/own-factors';
import { Section } from '../../../ui/section';
import { ErrorState } from '../../../ui/states';
import { AddFactor } from './add-factor';
import { AddPasskey } from './add-passkey';
import { EnrolApp } from './enrol-app';
import { FactorTable, type Factor } from './factor-table';
import { RecoveryCodesLeft } from './recovery-codes-left';
import { RecoveryCodesWindow } from './recovery-codes-window';
import { RemoveFactor } from './remove-factor';

type Opened = { kind: 'passkey' | 'app' } | { kind: 'remove'; factor: Factor };

/** What the person has beside his password, and how he comes by it and gets rid of it. */
export function SecondFactor() {
  const client = useQueryClient();
  const [opened, setOpened] = useState<Opened>();
  const [codes, setCodes] = useState<string[] | null>(null);
  const { data, error, refetch } = useQuery(ownFactors);
  const close = () => setOpened(undefined);
  /** @param fresh recovery codes, where he has been given any */
  const enrolled = async (fresh: string[] | null) => {
    setCodes(fresh);
    await client.invalidateQueries({ queryKey: ownFactors.queryKey });
    // The first factor signs him out of every other browser.
    await client.invalidateQueries({ queryKey: ['account', 'sessions'] });
  };
  return (
    <Section
      title="Second factor"
      description="What you have, beside what you know: asked for when you sign in, and before secrets are shown."
      actions={
        data && (
          <AddFactor
            factors={data}
            onPasskey={() => setOpened({ kind: 'passkey' })}
            onApp={() => setOpened({ kind: 'app' })}
          />
        )
      }
    >
      {error && !data ? (
        <ErrorState error={error} retry={() => void refetch()} />
      ) : (
        <FactorTable factors={data} onRemove={(factor) => setOpened({ kind: 'remove', factor })} />
      )}
      {data?.passkeys_impossible_because && (
        <Text size="sm" c="dimmed" mt="sm">
          Passkeys are not possible here. {data.passkeys_impossible_because}
        </Text>
      )}
      {data?.enrolled && <RecoveryCodesLeft left={data.recovery_codes_left} onMade={setCodes} />}
      {data && opened?.kind === 'passkey' && (
        <AddPasskey first={!data.enrolled} onEnrolled={enrolled} onClose={close} />
      )}
      {data && opened?.kind === 'app' && <EnrolApp factors={data} onEnrolled={enrolled} onClose={close} />}
      {data && opened?.kind === 'remove' && (
        <RemoveFactor factor={opened.factor} factors={data} onClose={close} />
      )}
      {codes && <RecoveryCodesWindow codes={codes} onClose={() => setCodes(null)} />}
    </Section>
  );
}
