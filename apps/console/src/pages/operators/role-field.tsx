import { Radio, Stack } from '@mantine/core';
import type { GetInputPropsReturnType } from '@mantine/form';
import { roleInWords, rolesUpTo } from '../../session/roles';
import { useSession } from '../../session/session';

/** The roles that one may give, each with what it may do. */
export function RoleField(props: GetInputPropsReturnType) {
  const { account } = useSession();
  return (
    <Radio.Group label="Role" withAsterisk {...props}>
      <Stack gap="xs" mt={6}>
        {rolesUpTo(account.role).map((role) => (
          <Radio key={role} value={role} label={role} description={roleInWords(role)} />
        ))}
      </Stack>
    </Radio.Group>
  );
}
