import { Injectable } from '@nestjs/common';
import { Metrics } from '#observability';

/** What this instance has pruned since it started: of several, one does the work at a time. */
@Injectable()
export class PruningFigures {
  private readonly rows = new Map<string, number>();
  private readonly over = new Map<string, number>();
  private finishedAt = 0;

  constructor(metrics: Metrics) {
    const rows = {
      name: 'postern_pruned_rows_total',
      help: 'Rows that were over for longer than they are kept, and are gone, by table.',
      labels: ['table'],
    };
    metrics.total(rows, () => Array.from(this.rows, ([table, value]) => ({ labels: { table }, value })));
    const over = {
      name: 'postern_prunable_rows',
      help: 'Rows to be pruned when this instance last looked, once a minute, by table: 10000 at most.',
      labels: ['table'],
    };
    metrics.gauge(over, () => Array.from(this.over, ([table, value]) => ({ labels: { table }, value })));
    const finished = {
      name: 'postern_pruning_finished_timestamp_seconds',
      help: 'When this instance last found nothing left to prune; 0: not yet.',
    };
    metrics.gauge(finished, () => this.finishedAt);
  }

  removed(table: string, count: number): void {
    this.rows.set(table, (this.rows.get(table) ?? 0) + count);
  }

  found(table: string, count: number): void {
    this.over.set(table, count);
  }

  finished(at: Date): void {
    this.finishedAt = at.getTime() / 1000;
  }
}
