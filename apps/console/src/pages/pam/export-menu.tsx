import { Button, Menu } from '@mantine/core';
import { IconDownload, IconFileTypeCsv, IconJson, IconTerminal2 } from '@tabler/icons-react';
import { useCallback, useState } from 'react';
import { say, sayError } from '../../ui/act';
import { curlOf } from './curl';
import { ExportWindow, type Export } from '../../ui/export-window';
import type { Resource } from './resource';

/** The list as it is filtered and sorted, as a file or as a call for one's own scripts. */
export function ExportMenu({
  resource: { name, label },
  query,
  total,
}: {
  resource: Resource;
  query: Readonly<Record<string, string>>;
  total: number | undefined;
}) {
  const [running, setRunning] = useState<Export>();
  const end = useCallback(() => setRunning(undefined), []);
  const begin = (accept: Export['accept'], ending: string) =>
    setRunning({ path: `/pam/v1/${name}`, query, accept, fileName: `${name}.${ending}`, label, total });
  const copyCurl = () =>
    navigator.clipboard
      .writeText(curlOf(`/pam/v1/${name}`, query))
      .then(() => say('The call is on the clipboard. It expects a token in $TOKEN.'), sayError);
  return (
    <>
      <Menu position="bottom-end" width={230}>
        <Menu.Target>
          <Button variant="default" leftSection={<IconDownload size={16} aria-hidden />}>
            Export
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconFileTypeCsv size={16} />} onClick={() => begin('text/csv', 'csv')}>
            Download as CSV
          </Menu.Item>
          <Menu.Item
            leftSection={<IconJson size={16} />}
            onClick={() => begin('application/x-ndjson', 'ndjson')}
          >
            Download as NDJSON
          </Menu.Item>
          <Menu.Divider />
          <Menu.Item leftSection={<IconTerminal2 size={16} />} onClick={() => void copyCurl()}>
            Copy as curl
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {running && <ExportWindow {...running} onClose={end} />}
    </>
  );
}
