import { Button } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useCallback, useState } from 'react';
import { ExportWindow, type Export } from '../../ui/export-window';
import { loadEvents, type EventsQuery } from './events';

/** Everything that the filters find, as NDJSON. */
export function ExportButton({ query }: { query: EventsQuery }) {
  const [running, setRunning] = useState<Export>();
  const end = useCallback(() => setRunning(undefined), []);
  const begin = () => {
    const wanted = {
      path: '/api/v1/audit-events',
      query: query as Record<string, string>,
      accept: 'application/x-ndjson',
      fileName: `audit-events-${new Date().toISOString().slice(0, 10)}.ndjson`,
      label: 'Audit events',
    } as const;
    setRunning({ ...wanted, total: undefined });
    // How many there will be is for the bar alone.
    void loadEvents({ ...query, limit: 1, count: true }).then(
      ({ total }) => setRunning((now) => now && { ...now, total }),
      () => undefined,
    );
  };
  return (
    <>
      <Button variant="default" leftSection={<IconDownload size={16} aria-hidden />} onClick={begin}>
        Export
      </Button>
      {running && <ExportWindow {...running} onClose={end} />}
    </>
  );
}
