import { Alert, Button, CopyButton, Group, List, Modal, Stack, Text } from '@mantine/core';
import { IconAlertTriangle, IconCheck, IconCopy, IconDownload } from '@tabler/icons-react';
import { save } from '../../../api/download';
import { useSession } from '../../../session/session';
import classes from './recovery-codes.module.css';

/** They are shown this once, and are gone with the window: a click outside does not close it. */
export function RecoveryCodesWindow({ codes, onClose }: { codes: readonly string[]; onClose(): void }) {
  const { username } = useSession().account;
  const text = `${codes.join('\n')}\n`;
  const download = () =>
    save(
      new Blob([`Postern recovery codes of ${username}, each good once:\n\n${text}`], { type: 'text/plain' }),
      'postern-recovery-codes.txt',
    );
  return (
    <Modal
      opened
      onClose={onClose}
      title="Your recovery codes"
      closeOnClickOutside={false}
      closeOnEscape={false}
      withCloseButton={false}
    >
      <Stack>
        <Alert icon={<IconAlertTriangle />} color="yellow" variant="light" title="Keep them now">
          <Text size="sm">
            This is the one time that they are shown. Each signs you in once without your second factor: keep
            them where you keep other secrets, and not beside your password.
          </Text>
        </Alert>
        <List className={`mono ${classes.codes}`} listStyleType="none" aria-label="Recovery codes">
          {codes.map((code) => (
            <List.Item key={code}>{code}</List.Item>
          ))}
        </List>
        <Group gap="xs">
          <CopyButton value={text} timeout={1500}>
            {({ copied, copy }) => (
              <Button
                variant="default"
                leftSection={
                  copied ? <IconCheck size={16} aria-hidden /> : <IconCopy size={16} aria-hidden />
                }
                onClick={copy}
              >
                {copied ? 'Copied' : 'Copy them'}
              </Button>
            )}
          </CopyButton>
          <Button variant="default" leftSection={<IconDownload size={16} aria-hidden />} onClick={download}>
            Download them
          </Button>
        </Group>
        <Group justify="flex-end">
          <Button onClick={onClose} data-autofocus>
            I have kept them, close
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
