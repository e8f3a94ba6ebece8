import type { Pool } from 'pg';

/** A pool of connections, as it is now. */
export interface PoolFigures {
  name: string;
  total: number;
  idle: number;
  waiting: number;
  max: number;
}

export function poolFigures(
  name: string,
  { totalCount, idleCount, waitingCount, options }: Pool,
): PoolFigures {
  return { name, total: totalCount, idle: idleCount, waiting: waitingCount, max: options.max };
}
