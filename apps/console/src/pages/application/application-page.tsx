import { Button } from '@mantine/core';
import { IconApps } from '@tabler/icons-react';
import { Link, useParams } from 'react-router';
import { Problem } from '../../api/problem';
import { PageHeader } from '../../ui/page-header';
import { EmptyState, ErrorState, LoadingPage } from '../../ui/states';
import { ApplicationHeader } from './application-header';
import { ApplicationTabs } from './application-tabs';
import { useApplication, useRights, type Application } from './use-application';

/** One API application, and everything that is its. */
export default function ApplicationPage() {
  const { clientId = '' } = useParams();
  const { data, error, refetch } = useApplication(clientId);
  // Another application is another page: nothing typed for one may stay for the other.
  if (data) return <Loaded key={clientId} application={data} />;
  if (error === null) return <LoadingPage />;
  return (
    <>
      <PageHeader title="API application" />
      {isUnknown(error) ? <Unknown /> : <ErrorState error={error} retry={() => void refetch()} />}
    </>
  );
}

function Loaded({ application }: { application: Application }) {
  const rights = useRights(application.client);
  if (!rights) return <LoadingPage />;
  return (
    <>
      <ApplicationHeader application={application} rights={rights} />
      <ApplicationTabs application={application} rights={rights} />
    </>
  );
}

function Unknown() {
  return (
    <EmptyState
      icon={IconApps}
      title="There is no such application"
      action={
        <Button component={Link} to="/applications">
          Go to the API applications
        </Button>
      }
    >
      It has been deleted, belongs to another customer, or never was.
    </EmptyState>
  );
}

/** Also what cannot be a client id. */
function isUnknown(error: unknown): boolean {
  return error instanceof Problem && (error.status === 404 || error.status === 400);
}
