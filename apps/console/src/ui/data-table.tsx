import { Box, Checkbox, Skeleton, Table, UnstyledButton } from '@mantine/core';
import { IconArrowDown, IconArrowsSort, IconArrowUp } from '@tabler/icons-react';
import { columnVisibilityFeature, tableFeatures, useTable, type ColumnDef } from '@tanstack/react-table';
import { useVirtualizer } from '@tanstack/react-virtual';
import { memo, useMemo, useRef, type ReactNode } from 'react';
import classes from './data-table.module.css';
import { ShowMore, type More } from './show-more';

const features = tableFeatures({ columnVisibilityFeature });
const ROW_HEIGHT = 45;
const SKELETONS = 8;
const NONE: readonly string[] = [];

export interface DataColumn<Row> {
  id: string;
  header: string;
  cell(row: Row): ReactNode;
  /** The API's name of the column, where it sorts by it. */
  sortBy?: string;
  /** Stands below the header. */
  filter?: ReactNode;
  /** The one that names the row: it cannot be hidden. */
  fixed?: boolean;
  align?: 'left' | 'right';
  width?: number | string;
  /** Stays at the right edge while the rest scrolls below it. */
  sticky?: boolean;
}

export interface Selection {
  selected: ReadonlySet<string>;
  onChange(selected: ReadonlySet<string>): void;
  /** What a row is called, for those who do not see it; else its key. */
  nameOf?(key: string): string;
}

interface DataTableProps<Row> {
  /** What the table lists, for those who do not see it. */
  label: string;
  columns: readonly DataColumn<Row>[];
  rows: readonly Row[] | undefined;
  keyOf(row: Row): string;
  /** As the API takes it: a column, `-` for descending. */
  sort?: string;
  onSort?(sort: string): void;
  /** Ids of columns that are not shown. */
  hidden?: readonly string[];
  /** Shown instead of rows where there are none. */
  empty: ReactNode;
  /** Rows are on their way, and those before them are still shown. */
  refreshing?: boolean;
  /** Draws the rows in sight alone, in a box of its own height. */
  virtual?: boolean;
  selection?: Selection;
  /** Asked for when the end comes into sight (`virtual`), or by a button. */
  more?: More;
  /** Rows to be told from the others, e.g. those that have just come. */
  isMarked?(row: Row): boolean;
}

/** Rows under sortable headers, with a row of filters; the server sorts and filters. */
export function DataTable<Row extends object>(props: DataTableProps<Row>) {
  const { label, columns, rows, hidden = NONE, empty, refreshing, virtual, selection, keyOf } = props;
  const definitions = useMemo(
    () => columns.map(({ id, header }): ColumnDef<typeof features, Row, unknown> => ({ id, header })),
    [columns],
  );
  const data = useMemo(() => [...(rows ?? [])], [rows]);
  const table = useTable({
    features,
    columns: definitions,
    data,
    getRowId: keyOf,
    state: { columnVisibility: Object.fromEntries(hidden.map((id) => [id, false])) },
  });
  const shown = useMemo(() => columns.filter(({ id }) => !hidden.includes(id)), [columns, hidden]);
  const scrollRef = useRef<HTMLDivElement>(null);
  const tableRows = table.getRowModel().rows;
  const virtualizer = useVirtualizer({
    count: virtual ? tableRows.length : 0,
    getScrollElement: () => scrollRef.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 12,
  });
  const items = virtualizer.getVirtualItems();
  const first = items[0]?.start ?? 0;
  const last = virtualizer.getTotalSize() - (items.at(-1)?.end ?? 0);
  const visible = virtual ? items.map(({ index }) => tableRows[index]!) : tableRows;
  const width = shown.length + (selection ? 1 : 0);

  return (
    <Box ref={scrollRef} className={virtual ? classes.tall : classes.box} data-virtual={virtual || undefined}>
      <Table
        className={classes.table}
        highlightOnHover
        stickyHeader={virtual}
        aria-label={label}
        aria-busy={refreshing || rows === undefined}
        aria-rowcount={virtual ? tableRows.length : undefined}
      >
        <Table.Thead className={classes.head}>
          <Table.Tr>
            {selection && <SelectAll {...selection} keys={data.map(keyOf)} />}
            {shown.map((column) => (
              <HeaderCell key={column.id} column={column} sort={props.sort} onSort={props.onSort} />
            ))}
          </Table.Tr>
          {shown.some(({ filter }) => filter) && (
            <Table.Tr className={classes.filters}>
              {selection && <Table.Td />}
              {shown.map(({ id, filter, sticky }) => (
                <Table.Td key={id} data-sticky={sticky || undefined}>
                  {filter}
                </Table.Td>
              ))}
            </Table.Tr>
          )}
        </Table.Thead>
        <Table.Tbody data-refreshing={refreshing || undefined} className={classes.body}>
          {rows === undefined && <SkeletonRows columns={width} />}
          {first > 0 && <SpacerRow height={first} columns={width} />}
          {visible.map((row) => (
            <Table.Tr
              key={row.id}
              data-key={row.id}
              data-marked={props.isMarked?.(row.original) || undefined}
              // Rows with buttons, or two lines, are taller than most: each one is measured.
              ref={virtual ? virtualizer.measureElement : undefined}
              data-index={row.index}
              style={virtual ? { height: ROW_HEIGHT } : undefined}
            >
              {selection && <SelectOne {...selection} rowKey={row.id} />}
              <Cells row={row.original} columns={shown} />
            </Table.Tr>
          ))}
          {virtual && last > 0 && <SpacerRow height={last} columns={width} />}
        </Table.Tbody>
      </Table>
      {rows?.length === 0 && empty}
      {props.more && <ShowMore {...props.more} byItself={virtual} />}
    </Box>
  );
}

/** What a row shows. Scrolling, which draws the table anew at each step, leaves it as it is. */
const Cells = memo(function Cells({
  row,
  columns,
}: {
  row: unknown;
  columns: readonly DataColumn<unknown>[];
}) {
  return columns.map(({ id, cell, align, sticky }) => (
    <Table.Td key={id} ta={align} data-sticky={sticky || undefined}>
      {cell(row)}
    </Table.Td>
  ));
}) as <Row>(props: { row: Row; columns: readonly DataColumn<Row>[] }) => ReactNode;

function HeaderCell<Row>({
  column: { header, sortBy, align, width, sticky },
  sort,
  onSort,
}: {
  column: DataColumn<Row>;
  sort?: string;
  onSort?(sort: string): void;
}) {
  if (!sortBy || !onSort)
    return (
      <Table.Th ta={align} w={width} data-sticky={sticky || undefined}>
        {header}
      </Table.Th>
    );
  const direction = sort === sortBy ? 'ascending' : sort === `-${sortBy}` ? 'descending' : 'none';
  const Icon = { ascending: IconArrowUp, descending: IconArrowDown, none: IconArrowsSort }[direction];
  return (
    <Table.Th ta={align} w={width} aria-sort={direction} data-sticky={sticky || undefined}>
      <UnstyledButton
        className={classes.sort}
        data-sorted={direction !== 'none' || undefined}
        onClick={() => onSort(direction === 'ascending' ? `-${sortBy}` : sortBy)}
      >
        {header}
        <Icon size={14} stroke={1.8} aria-hidden />
      </UnstyledButton>
    </Table.Th>
  );
}

function SelectAll({ selected, onChange, keys }: Selection & { keys: readonly string[] }) {
  const count = keys.filter((key) => selected.has(key)).length;
  return (
    <Table.Th w={40}>
      <Checkbox
        size="xs"
        aria-label="Select all rows"
        checked={count > 0 && count === keys.length}
        indeterminate={count > 0 && count < keys.length}
        onChange={(event) => onChange(new Set(event.currentTarget.checked ? keys : []))}
      />
    </Table.Th>
  );
}

function SelectOne({ selected, onChange, nameOf, rowKey }: Selection & { rowKey: string }) {
  return (
    <Table.Td>
      <Checkbox
        size="xs"
        aria-label={`Select ${nameOf?.(rowKey) ?? rowKey}`}
        checked={selected.has(rowKey)}
        onChange={(event) => {
          const next = new Set(selected);
          if (event.currentTarget.checked) next.add(rowKey);
          else next.delete(rowKey);
          onChange(next);
        }}
      />
    </Table.Td>
  );
}

function SkeletonRows({ columns }: { columns: number }) {
  return Array.from({ length: SKELETONS }, (_, index) => (
    <Table.Tr key={index} aria-hidden>
      <Table.Td colSpan={columns}>
        <Skeleton height={20} radius="sm" />
      </Table.Td>
    </Table.Tr>
  ));
}

function SpacerRow({ height, columns }: { height: number; columns: number }) {
  return (
    <tr aria-hidden>
      <td colSpan={columns} style={{ height, padding: 0, border: 0 }} />
    </tr>
  );
}
