import { Anchor } from '@mantine/core';
import { Link, type To } from 'react-router';
import type { DataColumn } from '../../ui/data-table';
import type { ListState } from '../../ui/list-state';
import { FieldFilter } from './field-filter';
import { FieldValue } from './field-value';
import { isSortable, type Resource, type Row } from './resource';

/** A column for each field; the id and the name open the row. */
export function columnsOf(
  { fields, title }: Resource,
  state: ListState,
  linkTo: (id: string) => To,
): DataColumn<Row>[] {
  return fields.map((field) => {
    const show = (row: Row) => <FieldValue field={field} value={row[field.name]} />;
    const isNamed = field.kind === 'key' || field.name === title;
    return {
      id: field.name,
      header: field.label,
      fixed: field.kind === 'key',
      align: field.kind === 'number' ? 'right' : 'left',
      sortBy: isSortable(field) ? field.name : undefined,
      filter: <FieldFilter field={field} state={state} />,
      cell: isNamed
        ? (row) => (
            <Anchor component={Link} inherit to={linkTo(row.id)}>
              {show(row)}
            </Anchor>
          )
        : show,
    };
  });
}
