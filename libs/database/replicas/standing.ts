/** Which server this is, and how far in the write-ahead log. */
export const STANDING = `
  SELECT system_identifier::text AS "system", current_database() AS "database", pg_is_in_recovery() AS "isStandby",
    (CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_flush_lsn() END - '0/0')::text
      AS "position",
    (SELECT max(timestamp)::text FROM schema_migrations) AS "schema"
  FROM pg_control_system()`;

export interface Standing {
  /** Of the cluster that it is or copies, made when that was initialised. */
  system: string;
  database: string;
  isStandby: boolean;
  /** In bytes: written to the disk, or, on a standby, replayed. */
  position: string;
  /** The latest migration that it shows. */
  schema: string;
}
