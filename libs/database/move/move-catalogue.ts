import type { Client } from 'pg';

/** A table that is moved, by what the catalogue of a database says of it. */
export interface MovedTable {
  name: string;
  /** Those that take a value, in the order of their names. */
  columns: string[];
  /** Names and types of all columns, to compare. */
  shape: string;
  /** The tables that its foreign keys refer to. */
  refersTo: string[];
  /** The rows lie in these; in itself where it has no partitions. */
  leaves: Leaf[];
}

interface Leaf {
  name: string;
  /** `FOR VALUES …`; null where it is no partition. */
  bound: string | null;
  /** Of the leaf alone, so that a partition which is made anew lacks them. */
  triggers: string[];
}

export interface MovedTrigger {
  table: string;
  name: string;
  /** `pg_trigger.tgenabled`: O(rigin), A(lways), R(eplica) */
  enabled: 'O' | 'A' | 'R';
}

/** Filled by the migrations, and compared instead. */
const OF_MIGRATIONS = ['schema_migrations', 'typeorm_metadata'];

/** Not a partition, nor of an extension. */
const TABLES = `c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
  AND c.relname <> ALL ($1) AND NOT EXISTS (
    SELECT 1 FROM pg_depend d WHERE d.objid = c.oid AND d.classid = 'pg_class'::regclass AND d.deptype = 'e')`;

/** Every table of the schema, those first that others refer to: later migrations' too. @throws Error for a circle */
export async function movedTables(session: Client): Promise<MovedTable[]> {
  const { rows } = await session.query<MovedTable>(
    `SELECT c.relname AS name,
       (SELECT string_agg(a.attname || ' ' || format_type(a.atttypid, a.atttypmod), ', ' ORDER BY a.attname)
        FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) AS shape,
       ARRAY(SELECT a.attname::text FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0
         AND NOT a.attisdropped AND a.attgenerated = '' ORDER BY a.attname) AS columns,
       ARRAY(SELECT DISTINCT r.confrelid::regclass::text FROM pg_constraint r WHERE r.conrelid = c.oid
         AND r.contype = 'f' AND r.confrelid <> c.oid) AS "refersTo",
       (SELECT json_agg(json_build_object('name', l.relname,
          'bound', pg_get_expr(l.relpartbound, l.oid),
          'triggers', ARRAY(SELECT pg_get_triggerdef(t.oid) FROM pg_trigger t
            WHERE t.tgrelid = l.oid AND NOT t.tgisinternal AND t.tgparentid = 0)) ORDER BY l.relname)
        FROM pg_class l WHERE (c.relkind = 'r' AND l.oid = c.oid)
          OR l.oid IN (SELECT p.relid FROM pg_partition_tree(c.oid) p WHERE p.isleaf)) AS leaves
     FROM pg_class c WHERE ${TABLES} ORDER BY c.relname`,
    [OF_MIGRATIONS],
  );
  return inOrder(rows.map((row) => ({ ...row, leaves: row.leaves ?? [] })));
}

/** Every trigger that is on, but for those of foreign keys, and what a partition has from its table. */
export async function movedTriggers(session: Client): Promise<MovedTrigger[]> {
  const { rows } = await session.query<MovedTrigger>(
    `SELECT c.relname AS table, t.tgname AS name, t.tgenabled AS enabled
     FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
     WHERE c.relnamespace = 'public'::regnamespace AND NOT t.tgisinternal AND t.tgenabled <> 'D'
       AND t.tgparentid = 0 ORDER BY 1, 2`,
  );
  return rows;
}

/** The value that each sequence has come to, those of schema_migrations aside. */
export async function sequenceValues(session: Client): Promise<{ name: string; value: string | null }[]> {
  const { rows } = await session.query<{ name: string; value: string | null }>(
    `SELECT s.sequencename AS name, s.last_value::text AS value FROM pg_sequences s
     WHERE s.schemaname = 'public' AND NOT EXISTS (
       SELECT 1 FROM pg_depend d WHERE d.objid = format('%I', s.sequencename)::regclass AND d.deptype IN ('a', 'i')
       AND d.refobjid::regclass::text = ANY ($1)) ORDER BY 1`,
    [OF_MIGRATIONS],
  );
  return rows;
}

function inOrder(tables: MovedTable[]): MovedTable[] {
  const ordered: MovedTable[] = [];
  let rest = tables;
  while (rest.length > 0) {
    const waiting = new Set(rest.map(({ name }) => name));
    const free = rest.filter(({ refersTo }) => !refersTo.some((name) => waiting.has(name)));
    if (free.length === 0)
      throw new Error(`These tables refer to each other in a circle: ${[...waiting].join(', ')}`);
    ordered.push(...free);
    rest = rest.filter((table) => !free.includes(table));
  }
  return ordered;
}
