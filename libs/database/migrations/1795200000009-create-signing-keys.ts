import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The keys that sign JWT access tokens. `private_key` is a JWK in JSON, or the same sealed under
 * the master key. A key is published from its row's first second, signs from `signs_from` until its
 * successor does, and stays published until the last token that it signed has expired.
 */
export class CreateSigningKeys1795200000009 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE signing_keys (
        kid text PRIMARY KEY,
        alg text NOT NULL CHECK (alg IN ('ES256', 'EdDSA')),
        public_key jsonb NOT NULL,
        private_key text NOT NULL,
        created_at timestamptz(3) NOT NULL,
        signs_from timestamptz(3) NOT NULL
      )`);
    // Whether a key is still needed is asked of the JWTs on record, those first that live longest.
    await queryRunner.query(
      `CREATE INDEX access_tokens_jwt ON access_tokens (expires_at, issued_at) WHERE format = 'jwt'`,
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP INDEX access_tokens_jwt`);
    await queryRunner.query(`DROP TABLE signing_keys`);
  }
}
