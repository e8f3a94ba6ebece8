import { Textarea, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQueryClient } from '@tanstack/react-query';
import { api } from '../../api/client';
import { say } from '../../ui/act';
import { FormWindow } from '../../ui/form-window';

export function AddScope({ onClose }: { onClose(): void }) {
  const client = useQueryClient();
  const form = useForm({
    initialValues: { name: '', description: '' },
    transformValues: ({ name, description }) => ({ name: name.trim(), description: description.trim() }),
    validate: {
      name: (name) => (name.trim() === '' ? 'Give it a name' : null),
    },
  });
  return (
    <FormWindow
      title="New scope"
      form={form}
      action="Create scope"
      onClose={onClose}
      submit={async (scope) => {
        await api.POST('/api/v1/scopes', { body: scope });
        await client.invalidateQueries({ queryKey: ['scopes'] });
        say(`The scope ${scope.name} can be given to applications.`);
      }}
    >
      <TextInput
        label="Name"
        description="No spaces, no quotes. It cannot be changed later."
        placeholder="cost-centres:read"
        spellCheck={false}
        autoCapitalize="none"
        data-autofocus
        withAsterisk
        {...form.getInputProps('name')}
      />
      <Textarea
        label="What it permits"
        description="In words, as people read them when they are asked for consent."
        placeholder="Read the cost centre of each device."
        autosize
        minRows={2}
        {...form.getInputProps('description')}
      />
    </FormWindow>
  );
}
