import type { DataSource } from 'typeorm';
import type { Configuration } from '#configuration';
import { hasFactorSql, requiresFactorSql } from '#operators';
import { MasterKeys } from '#sealing';
import { ROTATION_MS } from '#tokens';
import { fail, ok, warn, type Finding } from './finding.js';

const DAY_MS = 86_400_000;
/** How long before their end secrets and clients are told of. */
const SOON_DAYS = 14;
/** What is over for this long beyond its retention should have been pruned. */
const LATE_DAYS = 1;
const NAMED = 5;

/** What is in a database of this version. */
export async function contentFindings(session: DataSource, configuration: Configuration): Promise<Finding[]> {
  return [
    await owners(session),
    await secondFactors(session),
    await auditPartitions(session),
    await pruning(session, configuration.tokenRetentionDays),
    await signingKeys(session, configuration),
    await ending(session),
  ];
}

async function owners(session: DataSource): Promise<Finding> {
  const rows = await session.query(
    `SELECT count(*)::int AS owners FROM operators WHERE role = 'owner' AND active`,
  );
  const { owners: count } = rows[0] as { owners: number };
  if (count > 0) return ok('owners', String(count));
  return fail(
    'owners',
    'nobody can do what only an owner may',
    'postern operators create <username> --role owner',
  );
}

async function secondFactors(session: DataSource): Promise<Finding> {
  const name = 'second factors';
  const [{ required, lacking }] = (await session.query(
    `SELECT EXISTS (SELECT FROM second_factor_policies) AS required,
       ARRAY(SELECT username FROM operators o WHERE o.active AND ${requiresFactorSql('o.role')}
         AND NOT ${hasFactorSql('o.id')} ORDER BY o.username) AS lacking`,
  )) as [{ required: boolean; lacking: string[] }];
  if (!required) return ok(name, 'required of nobody');
  if (lacking.length === 0) return ok(name, 'whoever must have one has one');
  return warn(
    name,
    `required, and not there yet, of ${named(lacking)}`,
    'Whoever signs in next with such a person’s password enrols one: tell them, or set another password.',
  );
}

async function auditPartitions(session: DataSource): Promise<Finding> {
  const name = 'audit partitions';
  const [{ next, strays }] = (await session.query(
    `SELECT to_regclass(to_char((now() AT TIME ZONE 'UTC') + interval '1 month', '"audit_events_"YYYY_MM')) IS NOT NULL AS next,
       EXISTS (SELECT 1 FROM audit_events_default) AS strays`,
  )) as [{ next: boolean; strays: boolean }];
  if (strays)
    return warn(
      name,
      'events are in the default partition',
      'Their months had none when they came: see the servers’ log. They are kept, and not dropped by retention.',
    );
  if (!next)
    return warn(name, 'none for the next month', 'A running server makes them: start one, and see its log.');
  return ok(name, 'made ahead');
}

async function pruning(session: DataSource, retentionDays: number): Promise<Finding> {
  const [{ late }] = (await session.query(
    'SELECT EXISTS (SELECT 1 FROM access_tokens WHERE expires_at < $1) AS late',
    [new Date(Date.now() - (retentionDays + LATE_DAYS) * DAY_MS)],
  )) as [{ late: boolean }];
  if (!late) return ok('pruning', 'nothing is overdue');
  return warn(
    'pruning',
    'expired tokens are kept for longer than they should',
    'A running server prunes once a minute, in small batches: start one, and see its log.',
  );
}

async function signingKeys(session: DataSource, configuration: Configuration): Promise<Finding> {
  const name = 'signing keys';
  const keys = (await session.query(
    'SELECT private_key AS "privateKey", signs_from AS "signsFrom" FROM signing_keys ORDER BY signs_from DESC',
  )) as { privateKey: string; signsFrom: Date }[];
  if (keys.length === 0) return ok(name, 'none yet; the first JWT has them made');
  const master = new MasterKeys(configuration);
  const isSealed = keys.every(({ privateKey }) => master.isSealed(privateKey));
  if (!master.available && keys.some(({ privateKey }) => master.isSealed(privateKey)))
    return fail(
      name,
      'sealed, and there is no master key',
      'Set POSTERN_MASTER_KEY to the key that sealed them: no server starts without it.',
    );
  if (!keys.every(({ privateKey }) => master.isCurrent(privateKey)))
    return warn(
      name,
      isSealed ? 'sealed under an older master key' : 'not sealed',
      '`postern vault rotate` seals them under the first key of POSTERN_MASTER_KEY.',
    );
  const age = Math.floor((Date.now() - keys[0]!.signsFrom.getTime()) / DAY_MS);
  const found = `${isSealed ? 'sealed' : 'in clear'}, ${Math.max(age, 0)} days old`;
  // They are made when somebody asks for a key: where no JWTs are issued, nobody does.
  if (age * DAY_MS > ROTATION_MS)
    return warn(
      name,
      found,
      'They rotate when the next JWT is asked for; `postern keys rotate` does it now.',
    );
  return ok(name, found);
}

async function ending(session: DataSource): Promise<Finding> {
  const rows = (await session.query(
    `SELECT c.client_id AS "clientId" FROM clients c
     LEFT JOIN (SELECT client, max(coalesce(expires_at, 'infinity')) AS until FROM client_secrets GROUP BY client) s
       ON s.client = c.id
     WHERE c.active AND least(coalesce(s.until, 'infinity'), coalesce(c.valid_until, 'infinity'))
       BETWEEN $1 AND $2 ORDER BY c.client_id`,
    [new Date(), new Date(Date.now() + SOON_DAYS * DAY_MS)],
  )) as { clientId: string }[];
  if (rows.length === 0) return ok('secrets and clients', `none ends within ${SOON_DAYS} days`);
  return warn(
    'secrets and clients',
    `end within ${SOON_DAYS} days: ${named(rows.map(({ clientId }) => clientId))}`,
    '`postern clients rotate <client_id>` gives a new secret; valid_until is changed by the API or `clients apply`.',
  );
}

/** The first few by name. */
function named(names: readonly string[]): string {
  const more = names.length > NAMED ? ` and ${names.length - NAMED} more` : '';
  return names.slice(0, NAMED).join(', ') + more;
}
