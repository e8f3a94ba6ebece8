import type { Caller } from '#access-control';
import { clientETag, ClientStore, presentClient, UpdateClientDto } from '#clients';
import { Problem } from '#http-api';
import { CommandFailure } from '../program/failure.js';
import { printable } from '../program/printable.js';
import type { DeclaredClient } from './clients-file.js';

interface Change {
  field: string;
  from: unknown;
  to: unknown;
}

/** What is to be done so that a client is as its file says. */
export type Step = { client: DeclaredClient } & (
  | { action: 'create' | 'keep' }
  | { action: 'change'; changes: Change[]; dto: UpdateClientDto; ifMatch: string }
);

/** Lists whose order means nothing. */
const SETS = new Set(['scopes', 'grant_types', 'redirect_uris', 'allowed_cidrs']);

/** @throws CommandFailure for what cannot be changed of a client that is there */
export async function stepFor(store: ClientStore, caller: Caller, client: DeclaredClient): Promise<Step> {
  const { client_id, fields, line } = client;
  const known = await seen(store, caller, client_id);
  if (!known) return { action: 'create', client };
  const { client_id: _id, customer_id: customerId, client_secret: _secret, ...settings } = fields;
  if (customerId !== undefined && customerId !== known.customerId)
    throw new CommandFailure(
      `line ${line}: ${client_id} belongs to customer ${known.customerId}, and cannot go to ${customerId}; nothing was changed.`,
    );
  const now = presentClient(known) as unknown as Record<string, unknown>;
  const changes = Object.entries(settings)
    .filter(([field, to]) => to !== undefined && comparable(field, to) !== comparable(field, now[field]))
    .map(([field, to]): Change => ({ field, from: now[field], to }));
  if (changes.length === 0) return { action: 'keep', client };
  const dto = Object.assign(
    new UpdateClientDto(),
    Object.fromEntries(changes.map(({ field, to }) => [field, to])),
  );
  return { action: 'change', client, changes, dto, ifMatch: clientETag(known) };
}

async function seen(store: ClientStore, caller: Caller, clientId: string) {
  try {
    return await store.see(caller, clientId);
  } catch (error) {
    if (error instanceof Problem && error.status === 404) return undefined;
    throw error;
  }
}

function comparable(field: string, value: unknown): string {
  return JSON.stringify(SETS.has(field) && Array.isArray(value) ? [...(value as string[])].sort() : value);
}

/** A plan as a diff: `+` a client that is made, `~` one that is changed with what changes. */
export function planText(steps: readonly Step[]): string {
  const lines = steps.flatMap((step) => {
    const { client_id, fields } = step.client;
    if (step.action === 'create') return [`+ ${client_id} (${fields.name})`];
    return step.action === 'change' ? [`~ ${client_id}`, ...step.changes.flatMap(changeLines)] : [];
  });
  const kept = steps.filter(({ action }) => action === 'keep').length;
  return [...lines, ...(kept > 0 ? [`= ${kept} as the file says`] : [])].map(printable).join('\n');
}

function changeLines({ field, from, to }: Change): string[] {
  if (Array.isArray(from) && Array.isArray(to)) {
    const gone = from.filter((one) => !to.includes(one)).map((one) => `    - ${field}: ${String(one)}`);
    return [
      ...gone,
      ...to.filter((one) => !from.includes(one)).map((one) => `    + ${field}: ${String(one)}`),
    ];
  }
  return [`    ${field}: ${JSON.stringify(from)} → ${JSON.stringify(to)}`];
}

/** The same for scripts. */
export function planView(steps: readonly Step[]): object[] {
  return steps.map((step) => ({
    client_id: step.client.client_id,
    action: step.action,
    ...(step.action === 'change' && { changes: step.changes }),
  }));
}
