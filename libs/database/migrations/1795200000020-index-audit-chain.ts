import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * By which a chain is walked and copied. The log may be long, and everybody writes to it: each partition's
 * index is built while they do, outside a transaction, and one that was cut off is begun anew.
 */
export class IndexAuditChain1795200000020 implements MigrationInterface {
  readonly transaction = false;

  async up(queryRunner: QueryRunner): Promise<void> {
    // A partition that is made from now on has it of itself.
    await queryRunner.query(
      `CREATE INDEX IF NOT EXISTS audit_events_chain ON ONLY audit_events (writer, sequence)`,
    );
    const partitions: { name: string; index: string; state: 'attached' | 'valid' | 'invalid' | 'absent' }[] =
      await queryRunner.query(PARTITIONS);
    for (const { name, index, state } of partitions) {
      if (state === 'attached') continue;
      if (state === 'invalid') await queryRunner.query(`DROP INDEX ${index}`);
      if (state !== 'valid') await build(queryRunner, name, index);
      await queryRunner.query(`ALTER INDEX audit_events_chain ATTACH PARTITION ${index}`);
    }
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP INDEX audit_events_chain`);
  }
}

/** It waits for every transaction that is under way, and holds up none meanwhile: that may take its time. */
async function build(queryRunner: QueryRunner, partition: string, index: string): Promise<void> {
  const [{ lock_timeout: patience }] = await queryRunner.query('SHOW lock_timeout');
  await queryRunner.query('SET lock_timeout = 0');
  try {
    await queryRunner.query(`CREATE INDEX CONCURRENTLY ${index} ON ${partition} (writer, sequence)`);
  } finally {
    await queryRunner.query(`SET lock_timeout = '${patience}'`);
  }
}

const PARTITIONS = `
  SELECT child.relname AS name, child.relname || '_chain' AS index,
    CASE WHEN EXISTS (
        SELECT 1 FROM pg_index i JOIN pg_inherits up ON up.inhrelid = i.indexrelid
        WHERE i.indrelid = child.oid AND up.inhparent = 'audit_events_chain'::regclass) THEN 'attached'
      WHEN own.indexrelid IS NULL THEN 'absent' WHEN own.indisvalid THEN 'valid' ELSE 'invalid' END AS state
  FROM pg_inherits JOIN pg_class child ON child.oid = inhrelid
  LEFT JOIN pg_index own ON own.indexrelid = to_regclass(child.relname || '_chain')
  WHERE inhparent = 'audit_events'::regclass ORDER BY child.relname`;
