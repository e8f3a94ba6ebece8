import { Button } from '@mantine/core';
import { IconExternalLink } from '@tabler/icons-react';
import { Section } from '../../ui/section';

/** They are on a page of the server's own, which the applications themselves lead to, too. */
export function AllowedApplications() {
  return (
    <Section
      title="Applications"
      description="What you have allowed applications to do in your name, and the way to take it back."
      actions={
        <Button
          component="a"
          href="/oauth2/consents"
          variant="default"
          rightSection={<IconExternalLink size={16} aria-hidden />}
        >
          What you have allowed
        </Button>
      }
    />
  );
}
