import { Injectable } from '@nestjs/common';
import { reachOf, withinReach, type Caller } from '#access-control';
import { Database } from '#database';
import { Lists, Problem, type ListRequest, type Page, type RowStream } from '#http-api';
import type { AuditEventDto } from './audit-event.dto.js';
import { AUDIT_EVENT_COLUMNS, AUDIT_EVENTS } from './audit-event-list.js';
import { presentEvent, type SelectedEvent } from './audit-event.presenter.js';

/** Where events come out: those of the caller's customer, or of all where he may see all. */
@Injectable()
export class AuditEventReader {
  constructor(
    private readonly database: Database,
    private readonly lists: Lists,
  ) {}

  list(caller: Caller, request: ListRequest): Promise<Page<AuditEventDto> | RowStream> {
    return this.lists.answer(AUDIT_EVENTS, request, withinReach(caller, 'customer_id'), (row) =>
      presentEvent(row as unknown as SelectedEvent),
    );
  }

  /** @throws Problem 404 where there is no such event within the caller's reach */
  async find(caller: Caller, id: string): Promise<AuditEventDto> {
    const { rows } = await this.database.query<SelectedEvent>(
      `SELECT ${AUDIT_EVENT_COLUMNS} FROM audit_events WHERE id = $1 AND ($2::text IS NULL OR customer_id = $2)`,
      [id, reachOf(caller, 'see') ?? null],
    );
    if (!rows[0]) throw Problem.notFound('audit event');
    return presentEvent(rows[0]);
  }
}
