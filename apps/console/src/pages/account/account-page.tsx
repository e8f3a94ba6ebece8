import { SimpleGrid, Stack } from '@mantine/core';
import { PageHeader } from '../../ui/page-header';
import { AllowedApplications } from './allowed-applications';
import { ChangePassword } from './change-password';
import { OwnScopes } from './own-scopes';
import { Person } from './person';
import { SecondFactor } from './second-factor/second-factor';
import { SignedInBrowsers } from './signed-in-browsers';

/** What a person sees of himself, and does about himself. */
export default function AccountPage() {
  return (
    <>
      <PageHeader title="My account" description="Who you are here, and where you are signed in." />
      <Stack gap="md">
        <SimpleGrid cols={{ base: 1, md: 2 }} spacing="md">
          <Person />
          <ChangePassword />
        </SimpleGrid>
        <SecondFactor />
        <SignedInBrowsers />
        <AllowedApplications />
        <OwnScopes />
      </Stack>
    </>
  );
}
