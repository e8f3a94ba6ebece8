import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Database, PeriodicBatch } from '#database';
import { Clock } from '#http-api';

const HOUR_MS = 60 * 60 * 1000;

/** What is to be added to a counter. */
interface Use {
  clientId: string;
  /** When the hour began. */
  hour: number;
  requests: number;
  refusals: number;
}

/**
 * Counts what clients do, by the hour: on the way in memory, once a second and when the server stops
 * in the database. So a counter is at most two seconds late, and a `kill -9` loses two seconds of it.
 * Only clients that are registered may be named, so that nobody fills the memory with others.
 */
@Injectable()
export class ClientUsage implements OnApplicationShutdown {
  private readonly batch: PeriodicBatch<string, Use>;

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {
    this.batch = new PeriodicBatch((entries) => this.write(entries.map(([, use]) => use)), { merge: sum });
  }

  /** The client proved who it is, by its credentials or by a token. */
  admitted(clientId: string): void {
    this.count(clientId, 1, 0);
  }

  /** A call in the client's name was refused. */
  refused(clientId: string): void {
    this.count(clientId, 0, 1);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.batch.close();
  }

  private count(clientId: string, requests: number, refusals: number): void {
    const now = this.clock.now().getTime();
    const hour = now - (now % HOUR_MS);
    this.batch.note(`${hour} ${clientId}`, { clientId, hour, requests, refusals });
  }

  /** In the order of their keys, so that two instances never wait for each other. */
  private async write(uses: Use[]): Promise<void> {
    await this.database.query(
      `INSERT INTO client_usage AS known (client, hour, requests, refusals)
       SELECT c.id, use.hour, use.requests, use.refusals
       FROM jsonb_to_recordset($1::jsonb) AS use(client_id text, hour timestamptz, requests bigint, refusals bigint)
         JOIN clients c ON c.client_id = use.client_id
       ORDER BY c.id, use.hour
       ON CONFLICT (client, hour) DO UPDATE SET
         requests = known.requests + excluded.requests, refusals = known.refusals + excluded.refusals`,
      [
        JSON.stringify(
          uses.map(({ clientId, hour, ...use }) => ({ ...use, client_id: clientId, hour: new Date(hour) })),
        ),
      ],
    );
  }
}

function sum(known: Use, more: Use): Use {
  known.requests += more.requests;
  known.refusals += more.refusals;
  return known;
}
