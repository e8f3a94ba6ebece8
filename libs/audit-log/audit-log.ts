import { Injectable } from '@nestjs/common';
import type { Refusal, RefusalDetails, RefusalRecorder } from '#access-control';
import { Database, GroupCommit, timeOrderedId, type Queryable } from '#database';
import { Clock } from '#http-api';
import { Metrics, QUEUE_WAITING, type Counter } from '#observability';
import type { AuditEventRow, NewAuditEvent } from './audit-event.js';
import { outcomeOf, type AuditEventType } from './audit-event-types.js';

/** Inserts, and chains, the JSON array of event rows that is `parameter`, e.g. within a statement that does more. */
export function insertAuditEventsSql(parameter: string): string {
  return `INSERT INTO audit_events SELECT * FROM chained_audit_events(${parameter}::jsonb)`;
}

/** Where events go in. They leave by queries alone: the database refuses to change or remove one. */
@Injectable()
export class AuditLog implements RefusalRecorder {
  private readonly refusals: GroupCommit<AuditEventRow>;
  private readonly events: Counter;

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    metrics: Metrics,
  ) {
    this.refusals = new GroupCommit((rows) => this.insert(this.database, rows));
    this.events = metrics.counter({
      name: 'postern_audit_events_total',
      help: 'Audit events by type and outcome; one whose transaction came to nothing is among them.',
      labels: ['type', 'outcome'],
    });
    metrics.gauge(QUEUE_WAITING, () => [{ labels: { queue: 'refusals' }, value: this.refusals.size }]);
  }

  /** Records what a transaction did, within that transaction: both are durable, or neither. */
  async record<Type extends AuditEventType>(
    transaction: Queryable,
    event: NewAuditEvent<Type>,
  ): Promise<void> {
    await this.insert(transaction, [this.row(event)]);
  }

  /** Records a refusal; it is durable when this resolves, so answer afterwards. */
  recordRefusal<Type extends keyof RefusalDetails>(refusal: Refusal<Type>): Promise<void> {
    return this.refusals.add(this.row(refusal));
  }

  /** The row of an event, for a statement that stores it together with what it records. */
  row(event: NewAuditEvent): AuditEventRow {
    this.events.add(event.type, outcomeOf(event.type));
    return {
      id: timeOrderedId(),
      at: this.clock.now(),
      type: event.type,
      outcome: outcomeOf(event.type),
      actor_kind: event.actor.kind,
      actor_id: event.actor.id,
      client_id: event.client_id ?? null,
      token_id: event.token_id ?? null,
      customer_id: event.customer_id,
      ...event.origin,
      detail: event.detail,
    };
  }

  private async insert(queryable: Queryable, rows: AuditEventRow[]): Promise<void> {
    await queryable.query(insertAuditEventsSql('$1'), [JSON.stringify(rows)]);
  }
}
