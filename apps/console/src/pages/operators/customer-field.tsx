import { Select } from '@mantine/core';
import type { GetInputPropsReturnType } from '@mantine/form';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api, body } from '../../api/client';

const FOUND = 50;

/** A customer, found by id or name. */
export function CustomerField(props: GetInputPropsReturnType) {
  const [text, setText] = useState('');
  const [search] = useDebouncedValue(text.trim(), 150);
  const found = useQuery({
    queryKey: ['customers', 'choices', search],
    queryFn: () => body(api.GET('/api/v1/customers', { params: { query: { search, limit: FOUND } } })),
    placeholderData: keepPreviousData,
  });
  const choices = (found.data?.items ?? []).map(({ customer_id, name }) => ({
    value: customer_id,
    label: `${name} (${customer_id})`,
  }));
  return (
    <Select
      label="Customer"
      description="Whose rows he sees. Owners and auditors see all."
      searchable
      clearable
      data={choices}
      // The server has found them, by more than their labels.
      filter={({ options }) => options}
      onSearchChange={setText}
      nothingFoundMessage="No customer is called that."
      {...props}
    />
  );
}
