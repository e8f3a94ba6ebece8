import {
  Button,
  Checkbox,
  Fieldset,
  Group,
  Input,
  ScrollArea,
  SimpleGrid,
  Skeleton,
  Stack,
  Text,
  TextInput,
} from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useMemo, useState, type ReactNode } from 'react';
import { useScopeCatalogue, type Scope } from '../api/scope-catalogue';
import { useSession } from '../session/session';
import { groupsOf, mayGive } from './scope-groups';
import { ErrorState } from './states';

interface ScopePickerProps {
  value: readonly string[];
  onChange(scopes: string[]): void;
  /** Whose scopes can be chosen beside the built-in ones; default: those of the caller's customer. */
  customerId?: string;
  label?: string;
  description?: ReactNode;
  error?: ReactNode;
  /** Shows what is chosen, and leaves it so. */
  readOnly?: boolean;
}

/** Scopes of the catalogue to choose from, in groups; those that the caller may not give say so. */
export function ScopePicker(props: ScopePickerProps) {
  const { value, onChange, label = 'Scopes', description, error, readOnly = false } = props;
  const { account, can } = useSession();
  const customerId = props.customerId ?? account.customer_id;
  const catalogue = useScopeCatalogue();
  const [search, setSearch] = useState('');
  const scopes = useMemo(
    () => catalogue.data?.filter((scope) => scope.built_in || scope.customer_id === customerId),
    [catalogue.data, customerId],
  );
  const found = scopes?.filter((scope) => matches(scope, search.trim().toLowerCase())) ?? [];
  const free = found.filter((scope) => mayGive(scope, can)).map(({ name }) => name);
  return (
    <Input.Wrapper label={label} description={description} error={error} labelElement="div">
      <Stack gap="xs" mt={6} role="group" aria-label={label}>
        <Group gap="xs">
          <TextInput
            size="xs"
            flex="1 1 160px"
            leftSection={<IconSearch size={14} aria-hidden />}
            aria-label="Search scopes"
            placeholder="Name or description"
            value={search}
            onChange={(event) => setSearch(event.currentTarget.value)}
            onKeyDown={(event) => {
              // It would send the form that the picker is a part of.
              if (event.key === 'Enter') event.preventDefault();
            }}
          />
          {!readOnly && (
            <>
              <Button
                size="xs"
                variant="default"
                disabled={free.every((name) => value.includes(name))}
                onClick={() => onChange([...new Set([...value, ...free])])}
              >
                Select all{search.trim() !== '' && ' found'}
              </Button>
              <Button
                size="xs"
                variant="default"
                disabled={!free.some((name) => value.includes(name))}
                onClick={() => onChange(value.filter((name) => !free.includes(name)))}
              >
                Clear{search.trim() !== '' && ' found'}
              </Button>
            </>
          )}
          <Text size="xs" c="dimmed" aria-live="polite">
            {value.length} chosen
          </Text>
        </Group>
        {catalogue.error && <ErrorState error={catalogue.error} retry={() => void catalogue.refetch()} />}
        {catalogue.isPending && <Skeleton height={160} />}
        {scopes && (
          <ScrollArea.Autosize mah={340} type="auto" offsetScrollbars>
            {groupsOf(found).map((group) => (
              <ScopeFieldset key={group.title} {...group} {...{ value, onChange, readOnly, can }} />
            ))}
            {found.length === 0 && (
              <Text size="sm" c="dimmed" py="sm">
                No scope is called that.
              </Text>
            )}
          </ScrollArea.Autosize>
        )}
      </Stack>
    </Input.Wrapper>
  );
}

function ScopeFieldset({
  title,
  scopes,
  value,
  onChange,
  readOnly,
  can,
}: {
  title: string;
  scopes: readonly Scope[];
  can(scope: string): boolean;
} & Required<Pick<ScopePickerProps, 'value' | 'onChange' | 'readOnly'>>) {
  return (
    <Fieldset
      variant="unstyled"
      legend={
        <Text size="xs" fw={600} c="dimmed">
          {title}
        </Text>
      }
      mb="sm"
      pt={4}
    >
      <SimpleGrid type="container" cols={{ base: 1, '560px': 2 }} spacing="md" verticalSpacing={8}>
        {scopes.map((scope) => {
          const { name, description } = scope;
          const forbidden = !readOnly && !mayGive(scope, can);
          return (
            <Checkbox
              key={name}
              size="xs"
              label={<span className="mono">{name}</span>}
              description={forbidden ? `${description} You do not have it, and cannot give it.` : description}
              disabled={readOnly || forbidden}
              checked={value.includes(name)}
              onChange={(event) =>
                onChange(event.currentTarget.checked ? [...value, name] : value.filter((one) => one !== name))
              }
            />
          );
        })}
      </SimpleGrid>
    </Fieldset>
  );
}

function matches({ name, description }: Scope, search: string): boolean {
  return `${name} ${description}`.toLowerCase().includes(search);
}
