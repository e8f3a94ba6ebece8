import type { Queryable } from '#database';
import { BrokenChain } from './chain-fault.js';
import { BEGINNING, type Anchor, type Place } from './checkpoint.js';

/** Events in one statement: some milliseconds, also on the embedded engine, which has one session for all. */
const STEP = 2000;

interface Step {
  events: number;
  /** The last of them. */
  last: Place | null;
  bad: {
    id: string;
    sequence: number;
    /** The place before it. */
    after: number;
    event_before: string | null;
    altered: boolean;
  } | null;
}

/** Looks at the events of one range of a chain: each by its own hash, and by that of the one before it. */
const STEP_SQL = `
  WITH step AS MATERIALIZED (
    SELECT id, sequence, hash, previous_hash, audit_event_hash(e) IS DISTINCT FROM hash AS altered,
      lag(sequence, 1, $2::bigint) OVER chain AS after, lag(hash, 1, decode($4, 'hex')) OVER chain AS hash_before,
      lag(id) OVER chain AS event_before
    FROM audit_events e WHERE writer = $1 AND sequence > $2 AND sequence <= $3 WINDOW chain AS (ORDER BY sequence, id))
  SELECT count(*)::integer AS events,
    (SELECT jsonb_build_object('sequence', sequence, 'hash', encode(hash, 'hex')) FROM step ORDER BY sequence DESC LIMIT 1) AS last,
    (SELECT to_jsonb(bad) FROM (
      SELECT id, sequence, after, event_before, altered FROM step
      WHERE altered OR sequence <> after + 1 OR previous_hash IS DISTINCT FROM hash_before
      ORDER BY sequence, id LIMIT 1) AS bad) AS bad
  FROM step`;

/**
 * Walks one chain from where it begins to its head.
 * @returns how many events it has
 * @throws BrokenChain
 */
export async function walkChain(
  database: Queryable,
  writer: string,
  { anchor, head }: { anchor: Anchor | undefined; head: Place },
): Promise<number> {
  let events = await checkKept(database, writer, anchor);
  let place: Place = anchor ?? BEGINNING;
  while (place.sequence < head.sequence) {
    const to = Math.min(place.sequence + STEP, head.sequence);
    const { rows } = await database.query<Step>(STEP_SQL, [writer, place.sequence, to, place.hash]);
    const { last, bad, events: found } = rows[0]!;
    if (bad) throw faultOf(writer, bad);
    if (last?.sequence !== to) throw await nothingAfter(database, writer, last ?? place, head);
    events += found;
    place = { sequence: to, hash: last.hash };
  }
  if (place.sequence > head.sequence || place.hash !== head.hash) {
    throw new BrokenChain(
      'rewritten',
      `The head of writer ${writer} is event ${head.sequence} by another hash than the event’s own.`,
      { writer, sequence: head.sequence },
    );
  }
  return events;
}

function faultOf(
  writer: string,
  { id, sequence, after, event_before, altered }: NonNullable<Step['bad']>,
): BrokenChain {
  const place = { writer, sequence, event: id };
  const which = `Event ${sequence} of writer ${writer} (${id})`;
  if (sequence === after)
    return new BrokenChain('inserted', `${which} has the place of another, ${event_before}.`, place);
  // A row that was altered may have been given another's place: its own hash tells, and comes first.
  if (altered)
    return new BrokenChain('altered', `${which} has been altered: its hash is of something else.`, place);
  if (sequence > after + 1) return missing(writer, after + 1, sequence - 1, `before ${id}`, { event: id });
  return new BrokenChain(
    'relinked',
    `${which} does not follow the event before it${event_before ? `, ${event_before}` : ''}: its previous_hash is of another.`,
    place,
  );
}

function missing(
  writer: string,
  from: number,
  to: number,
  where: string,
  place: { event?: string },
): BrokenChain {
  const which =
    from === to ? `Event ${from} of writer ${writer} is` : `Events ${from} to ${to} of writer ${writer} are`;
  return new BrokenChain('missing', `${which} missing, ${where}.`, { writer, sequence: from, ...place });
}

/** A step that ends early: somewhere behind there is a next one, or all of the newest are gone. */
async function nothingAfter(
  database: Queryable,
  writer: string,
  last: Place,
  head: Place,
): Promise<BrokenChain> {
  const { rows } = await database.query<{ id: string; sequence: number }>(
    `SELECT id, sequence::float8 AS sequence FROM audit_events
     WHERE writer = $1 AND sequence > $2 AND sequence <= $3 ORDER BY sequence LIMIT 1`,
    [writer, last.sequence, head.sequence],
  );
  const [next] = rows;
  if (next)
    return missing(writer, last.sequence + 1, next.sequence - 1, `before ${next.id}`, { event: next.id });
  const from = last.sequence + 1;
  return new BrokenChain(
    'newest_removed',
    `The newest events of writer ${writer} are missing: its head is ${head.sequence}, and from ${from} on there is none.`,
    { writer, sequence: from },
  );
}

/** What is from before the anchor: just what was left there, as it was. */
async function checkKept(database: Queryable, writer: string, anchor: Anchor | undefined): Promise<number> {
  const { rows } = await database.query<{
    id: string;
    sequence: number;
    hash: string | null;
    altered: boolean;
  }>(
    `SELECT id, sequence::float8 AS sequence, encode(hash, 'hex') AS hash, audit_event_hash(e) IS DISTINCT FROM hash AS altered
     FROM audit_events e WHERE writer = $1 AND sequence <= $2 ORDER BY sequence, id`,
    [writer, anchor?.sequence ?? 0],
  );
  const kept = new Map(anchor?.kept.map(({ sequence, hash }) => [sequence, hash]));
  for (const { id, sequence, hash, altered } of rows) {
    const place = { writer, sequence, event: id };
    const which = `Event ${sequence} of writer ${writer} (${id})`;
    if (!kept.has(sequence))
      throw new BrokenChain('inserted', `${which} was not there when what is before it was dropped.`, place);
    if (altered || kept.get(sequence) !== hash)
      throw new BrokenChain('altered', `${which} has been altered: its hash is of something else.`, place);
    kept.delete(sequence);
  }
  const [gone] = kept.keys();
  if (gone !== undefined)
    throw missing(writer, gone, gone, 'which was left when what is before it was dropped', {});
  return rows.length;
}
