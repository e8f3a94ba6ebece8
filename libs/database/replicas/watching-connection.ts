import pg from 'pg';

/** How long a connection, or an answer, is waited for, in milliseconds. */
const PATIENCE_MS = 2_000;

/** A connection that asks the same again and again, and is opened anew where it was lost. */
export class WatchingConnection {
  private client: pg.Client | undefined;

  constructor(private readonly url: string) {}

  /** @returns the one row that the statement has */
  async ask<Row extends object>(sql: string): Promise<Row> {
    try {
      this.client ??= await this.open();
      return (await this.client.query<Row>(sql)).rows[0]!;
    } catch (error) {
      this.close();
      throw error;
    }
  }

  close(): void {
    this.client?.end().catch(() => {});
    this.client = undefined;
  }

  private async open(): Promise<pg.Client> {
    const client = new pg.Client({
      connectionString: this.url,
      application_name: 'postern replicas',
      connectionTimeoutMillis: PATIENCE_MS,
      query_timeout: PATIENCE_MS,
      keepAlive: true,
    });
    client.on('error', () => {
      if (this.client === client) this.close();
    });
    try {
      await client.connect();
      return client;
    } catch (error) {
      client.end().catch(() => {});
      throw error;
    }
  }
}
