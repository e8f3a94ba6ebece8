import { useSession } from '../../session/session';
import { roleInWords } from '../../session/roles';
import { FieldList } from '../../ui/field-list';
import { Section } from '../../ui/section';
import { TimeText } from '../../ui/time-text';

export function Person() {
  const { account } = useSession();
  const { username, email, role, customer_id, last_signed_in_at, created_at } = account;
  return (
    <Section title="You">
      <FieldList
        fields={[
          { label: 'Username', value: username },
          { label: 'Email', value: email ?? 'none' },
          { label: 'Role', value: `${role}. ${roleInWords(role)}` },
          { label: 'Customer', value: customer_id },
          { label: 'Signed in', value: <TimeText at={last_signed_in_at} never="never" /> },
          { label: 'Here since', value: <TimeText at={created_at} form="date" /> },
        ]}
      />
    </Section>
  );
}
