import { Box, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './field-list.module.css';

export interface ListedField {
  label: string;
  value: ReactNode;
}

/** All there is to know of one thing: names, and beside or below them values. */
export function FieldList({ fields }: { fields: readonly ListedField[] }) {
  return (
    <Box component="dl" className={classes.list}>
      {fields.map(({ label, value }) => (
        <div key={label} className={classes.field}>
          <Text component="dt" size="sm" c="dimmed">
            {label}
          </Text>
          <Text component="dd" size="sm" m={0} miw={0} style={{ overflowWrap: 'anywhere' }}>
            {value}
          </Text>
        </div>
      ))}
    </Box>
  );
}
