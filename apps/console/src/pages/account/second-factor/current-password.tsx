import { PasswordInput } from '@mantine/core';
import type { GetInputPropsReturnType } from '@mantine/form';
import { useSession } from '../../../session/session';

/** Before the first factor, the password is what proves that it is he. */
export function CurrentPassword(props: GetInputPropsReturnType) {
  const { account } = useSession();
  return (
    <>
      {/* For password managers, which else do not know whose it is. */}
      <input type="text" name="username" autoComplete="username" value={account.username} readOnly hidden />
      <PasswordInput
        label="Current password"
        description="It is your first factor that you add: this says that it is you."
        autoComplete="current-password"
        visibilityToggleButtonProps={{ 'aria-label': 'Show or hide the password', tabIndex: 0 }}
        {...props}
      />
    </>
  );
}
