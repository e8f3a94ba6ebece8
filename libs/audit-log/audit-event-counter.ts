import { Injectable } from '@nestjs/common';
import { withinReach, type Principal } from '#access-control';
import { Database } from '#database';
import { SqlParameters, stepsOf } from '#http-api';
import type { AuditEventCountsItemDto } from './audit-event-counts.dto.js';
import type { CountsRequest } from './audit-event-counts-request.js';
import { AUDIT_EVENT_TYPES, outcomeOf, type AuditEventType } from './audit-event-types.js';

interface CountRow {
  at: Date;
  type: AuditEventType;
  count: number;
}

@Injectable()
export class AuditEventCounter {
  constructor(private readonly database: Database) {}

  /** Of the caller's customer, or of all where he may see all; one item for each hour or day of the range. */
  async count(caller: Principal, request: CountsRequest): Promise<AuditEventCountsItemDto[]> {
    const { range, outcome, clientId } = request;
    const parameters = new SqlParameters();
    const per = parameters.add(range.per);
    const where = [
      `at >= ${parameters.add(range.from)}`,
      `at < ${parameters.add(range.to)}`,
      ...withinReach(caller, 'customer_id').map((condition) => condition(parameters)),
    ];
    if (clientId !== undefined) where.push(`client_id = ${parameters.add(clientId)}`);
    // An index knows the type, and with it the outcome: failures are few among all that there is.
    if (outcome) where.push(`type = ANY (${parameters.add(typesOf(outcome))})`);
    const { rows } = await this.database.query<CountRow>(
      `SELECT date_trunc(${per}, at, 'UTC') AS at, type, count(*)::float8 AS count
       FROM audit_events WHERE ${where.join(' AND ')} GROUP BY 1, 2`,
      parameters.values,
    );
    const items = new Map(stepsOf(range).map((at) => [at.getTime(), { at, counts: {} }] as const));
    for (const { at, type, count } of rows) {
      Object.assign(items.get(at.getTime())!.counts, { [type]: count });
    }
    return [...items.values()];
  }
}

function typesOf(outcome: string): AuditEventType[] {
  return AUDIT_EVENT_TYPES.filter((type) => outcomeOf(type) === outcome);
}
