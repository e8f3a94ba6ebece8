import { Grid } from '@mantine/core';
import { useSession } from '../../session/session';
import { PageHeader } from '../../ui/page-header';
import { Attention } from './attention';
import { Calls } from './calls';
import { Figures } from './figures';

export default function OverviewPage() {
  const { can } = useSession();
  const seesCalls = can('tokens:read');
  return (
    <>
      <PageHeader title="Overview" description="What runs, and what needs attention." />
      <Figures />
      <Grid gap="md">
        {seesCalls && (
          <Grid.Col span={{ base: 12, lg: 7 }}>
            <Calls />
          </Grid.Col>
        )}
        <Grid.Col span={{ base: 12, lg: seesCalls ? 5 : 12 }}>
          <Attention />
        </Grid.Col>
      </Grid>
    </>
  );
}
