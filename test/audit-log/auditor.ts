import { createHash } from 'node:crypto';

/** What an auditor does with an export, by docs/audit-chain.md alone: nothing of Postern's, and no database. */
export function hashOf(event: any): string {
  const { writer, sequence, id, at, type, outcome, actor, client_id, token_id, customer_id } = event;
  const { ip, user_agent, request_id, method, path, detail, previous_hash } = event;
  const place = [writer, sequence, id, Date.parse(at), type, outcome, actor.kind, actor.id];
  const about = [client_id, token_id, customer_id, ip, user_agent, request_id, method, path, detail];
  const text = written([...place, ...about]);
  return createHash('sha256').update(Buffer.from(previous_hash, 'hex')).update(text).digest('hex');
}

/** Events by their chain, each in its order. */
export function chainsOf(events: any[]): any[][] {
  const chains = new Map<string, any[]>();
  for (const event of events) chains.set(event.writer, [...(chains.get(event.writer) ?? []), event]);
  return [...chains.values()].map((chain) => chain.sort((a, b) => a.sequence - b.sequence));
}

/** JSON with a space after each comma and colon, the members of an object by their names' length, then bytes. */
function written(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(written).join(', ')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const members = Object.entries(value).sort(([a], [b]) => byName(Buffer.from(a), Buffer.from(b)));
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}: ${written(member)}`).join(', ')}}`;
}

function byName(a: Buffer, b: Buffer): number {
  return a.length - b.length || Buffer.compare(a, b);
}
