import { NativeSelect, Tabs } from '@mantine/core';
import { Navigate, useNavigate, useParams } from 'react-router';
import { NotFoundPage } from '../../app/not-found';
import { PAM_NAMES } from '../../app/pages';
import { useSession } from '../../session/session';
import { PageHeader } from '../../ui/page-header';
import { ResourceList } from './resource-list';
import { RESOURCES } from './resources';

/** What the PAM platform knows, to read. */
export default function PamPage() {
  const { can } = useSession();
  const navigate = useNavigate();
  const { name } = useParams();
  const readable = PAM_NAMES.filter((one) => can(`${one}:read`)).map((one) => RESOURCES[one]);
  if (name === undefined) return <Navigate to={`/pam/${readable[0]!.name}`} replace />;
  const resource = readable.find((one) => one.name === name);
  if (!resource) return <NotFoundPage />;
  const goTo = (next: string | null) => next && void navigate(`/pam/${next}`);
  return (
    <>
      <PageHeader
        title="PAM data"
        documentTitle={`${resource.label} · PAM data`}
        description="What applications can read, to look up and to export."
      />
      <NativeSelect
        hiddenFrom="md"
        mb="sm"
        aria-label="Which data"
        data={readable.map(({ name: value, label }) => ({ value, label }))}
        value={name}
        onChange={(event) => goTo(event.currentTarget.value)}
      />
      <Tabs value={name} onChange={goTo} keepMounted={false} activateTabWithKeyboard={false}>
        <Tabs.List visibleFrom="md" mb="sm" aria-label="Lists">
          {readable.map(({ name: value, label }) => (
            <Tabs.Tab key={value} value={value}>
              {label}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value={name}>
          <ResourceList key={name} resource={resource} />
        </Tabs.Panel>
      </Tabs>
    </>
  );
}
