import { useState } from 'react';
import type { components } from '../../../api/schema';
import type { OwnFactors } from '../../../session/own-factors';
import { BeginApp } from './begin-app';
import { ConfirmApp } from './confirm-app';

/** First who he is, then what the app is to be shown. What that is goes with the window. */
export function EnrolApp({
  factors: { enrolled, totp },
  onEnrolled,
  onClose,
}: {
  factors: OwnFactors;
  onEnrolled(recoveryCodes: string[] | null): Promise<void>;
  onClose(): void;
}) {
  // As it was when he began: with the app enrolled, both have changed.
  const [{ first, replaces }] = useState({ first: !enrolled, replaces: totp !== null });
  const [begun, setBegun] = useState<components['schemas']['TotpBeginningDto']>();
  const title = replaces ? 'Change the authenticator app' : 'Add an authenticator app';
  if (!begun)
    return <BeginApp title={title} first={first} replaces={replaces} onBegun={setBegun} onClose={onClose} />;
  return (
    <ConfirmApp
      title={title}
      begun={begun}
      onEnrolled={onEnrolled}
      onAnew={() => setBegun(undefined)}
      onClose={onClose}
    />
  );
}
