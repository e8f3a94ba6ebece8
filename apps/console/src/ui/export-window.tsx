import { Button, Group, Modal, Progress, Stack, Text } from '@mantine/core';
import { useEffect, useState } from 'react';
import { downloadList, type DownloadOptions } from '../api/download';
import { say } from './act';
import { ErrorState } from './states';
import { plural } from './time-text';

export interface Export {
  path: string;
  query: Readonly<Record<string, string>>;
  accept: DownloadOptions['accept'];
  fileName: string;
  /** What is exported, in words. */
  label: string;
  /** How many rows there are, as far as that is known. */
  total: number | undefined;
}

/** An export on its way: how far it is, and a way to end it. */
export function ExportWindow({
  path,
  query,
  accept,
  fileName,
  label,
  total,
  onClose,
}: Export & {
  /** The same function each time: another one would begin anew. */
  onClose(): void;
}) {
  const [{ rows, bytes }, setProgress] = useState({ rows: 0, bytes: 0 });
  const [error, setError] = useState<unknown>();
  useEffect(() => {
    const abort = new AbortController();
    const { signal } = abort;
    const run = async () => {
      try {
        const count = await downloadList(path, query, {
          accept,
          fileName,
          signal,
          onProgress: (rows, bytes) => setProgress({ rows, bytes }),
        });
        say(`${fileName} is downloaded: ${plural(count, 'row')}.`);
        onClose();
      } catch (reason) {
        if (!signal.aborted) setError(reason);
      }
    };
    void run();
    return () => abort.abort();
  }, [path, query, accept, fileName, onClose]);
  const share = total ? Math.min((rows / total) * 100, 100) : undefined;
  return (
    <Modal
      opened
      onClose={onClose}
      title={`Export ${label.toLowerCase()}`}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {error ? (
        <ErrorState error={error} />
      ) : (
        <Stack gap="sm">
          <Progress
            value={share ?? 100}
            animated={share === undefined}
            aria-label={`Rows of ${fileName} that have come`}
          />
          <Text size="sm" className="figures">
            {rows.toLocaleString()} {total ? `of ${plural(total, 'row')}` : 'rows'}, {sizeText(bytes)}
          </Text>
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Stop
            </Button>
          </Group>
        </Stack>
      )}
    </Modal>
  );
}

function sizeText(bytes: number): string {
  return bytes < 1_000_000 ? `${Math.ceil(bytes / 1000)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}
