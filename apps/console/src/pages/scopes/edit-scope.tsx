import { Text, Textarea } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQueryClient } from '@tanstack/react-query';
import { api } from '../../api/client';
import type { Scope } from '../../api/scope-catalogue';
import { say } from '../../ui/act';
import { FormWindow } from '../../ui/form-window';

export function EditScope({ scope: { name, description }, onClose }: { scope: Scope; onClose(): void }) {
  const client = useQueryClient();
  const form = useForm({ initialValues: { description } });
  return (
    <FormWindow
      title="Edit scope"
      form={form}
      action="Save"
      onClose={onClose}
      submit={async (changes) => {
        await api.PATCH('/api/v1/scopes/{name}', {
          params: { path: { name } },
          body: { description: changes.description.trim() },
        });
        await client.invalidateQueries({ queryKey: ['scopes'] });
        say(`The scope ${name} is saved.`);
      }}
    >
      <Text size="sm">
        <span className="mono">{name}</span> keeps its name, as applications have it.
      </Text>
      <Textarea
        label="What it permits"
        description="In words, as people read them when they are asked for consent."
        autosize
        minRows={2}
        data-autofocus
        {...form.getInputProps('description')}
      />
    </FormWindow>
  );
}
