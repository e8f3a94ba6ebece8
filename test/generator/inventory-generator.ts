import { Random } from './random.js';

/** Rows of each resource at full size, in the order in which they can be imported. */
export const FULL_SIZE = {
  'user-groups': 1_000,
  'device-groups': 500,
  users: 100_000,
  devices: 50_000,
  accounts: 200_000,
  tasks: 2_000,
  profiles: 5_000,
  sessions: 1_000_000,
  approvals: 50_000,
} as const;

export type ResourceName = keyof typeof FULL_SIZE;
export const RESOURCE_NAMES = Object.keys(FULL_SIZE) as ResourceName[];

type Row = Record<string, unknown>;

const FIRST_NAMES = [
  'Ada',
  'Alan',
  'Barbara',
  'Chidi',
  'Dorothy',
  'Edsger',
  'Frances',
  'Grace',
  'Hedy',
  'Ines',
  'Jürgen',
  'Katherine',
  'Linus',
  'Mary',
  'Niklaus',
  'Ólafur',
  'Radia',
  'Søren',
  'Tim',
  'Wei',
];
const LAST_NAMES = [
  'Allen',
  'Berners',
  'Dijkstra',
  'Engström',
  'Fernández',
  'Goldberg',
  'Hopper',
  'Iverson',
  'Jackson',
  'Knuth',
  'Lamport',
  'Liskov',
  'Moore',
  'Nguyen',
  'Okafor',
  'Perlman',
  'Ritchie',
  'Shaw',
  'Turing',
  'Wirth',
];
const SITES = ['fra', 'lon', 'nyc', 'sin', 'syd', 'tor', 'zrh'];
const PLATFORMS = [
  'Ubuntu 24.04',
  'Debian 13',
  'RHEL 10',
  'Windows Server 2025',
  'Cisco IOS XE',
  'Junos',
  'VMware ESXi 9',
  'PostgreSQL 18',
];
const PROTOCOLS = ['ssh', 'rdp', 'vnc', 'https', 'telnet', 'winrm'];
const PORTS: Record<string, number> = { ssh: 22, rdp: 3389, vnc: 5900, https: 443, telnet: 23, winrm: 5986 };
const TOOLS = ['PuTTY', 'WinSCP', 'mstsc', 'psql', 'SSMS', 'kubectl', 'ansible'];

/** The end of the three years in which everything happened. */
const END = Date.UTC(2026, 0, 1);
const SPAN = 3 * 365 * 86_400_000;

/**
 * A PAM inventory out of nothing: people, machines, accounts, who reaches what, and who did.
 * @param scale 1 for the full size; a hundredth of it has a hundredth of each resource's rows
 */
export class GeneratedInventory {
  constructor(
    readonly scale: number,
    private readonly seed = 1,
  ) {}

  size(name: ResourceName): number {
    return Math.max(5, Math.round(FULL_SIZE[name] * this.scale));
  }

  /** The rows of a resource; every reference is to a row that is there. */
  *rows(name: ResourceName): Generator<Row> {
    const random = new Random(this.seed * 1000 + RESOURCE_NAMES.indexOf(name));
    for (let index = 0; index < this.size(name); index += 1) yield this.row(name, index, random);
  }

  /** The same as NDJSON, in chunks of about a thousand rows. */
  *ndjson(name: ResourceName): Generator<Buffer> {
    let lines: string[] = [];
    for (const row of this.rows(name)) {
      lines.push(JSON.stringify(row));
      if (lines.length === 1000) {
        yield Buffer.from(`${lines.join('\n')}\n`);
        lines = [];
      }
    }
    if (lines.length > 0) yield Buffer.from(`${lines.join('\n')}\n`);
  }

  private row(name: ResourceName, index: number, random: Random): Row {
    const id = idOf(name, index);
    switch (name) {
      case 'user-groups':
        return {
          id,
          name: `Team ${index}`,
          description: random.chance(0.5) ? `People of site ${random.pick(SITES)}` : null,
        };
      case 'device-groups':
        return {
          id,
          name: `Rack ${index}`,
          description: random.chance(0.5) ? `In ${random.pick(SITES)}` : null,
        };
      case 'users':
        return { id, ...this.user(index, random) };
      case 'devices':
        return { id, ...this.device(index, random) };
      case 'accounts':
        return { id, ...this.account(random) };
      case 'tasks':
        return { id, ...this.task(index, random) };
      case 'profiles':
        return { id, ...this.profile(index, random) };
      case 'sessions':
        return { id, ...this.session(random) };
      case 'approvals':
        return { id, ...this.approval(random) };
    }
  }

  private user(index: number, random: Random): Row {
    const [first, last] = [random.pick(FIRST_NAMES), random.pick(LAST_NAMES)];
    return {
      username: `${first}.${last}${index}`.toLowerCase(),
      first_name: first,
      last_name: last,
      email: random.chance(0.9) ? `${index}@example.com` : null,
      role: random.pick(['user', 'user', 'user', 'admin', 'auditor']),
      authentication_method: random.pick(['local', 'ldap', 'saml']),
      mfa_enabled: random.chance(0.7),
      group_ids: this.ids(random, 'user-groups', 3),
      active: random.chance(0.95),
      last_login_at: random.chance(0.8) ? timeOf(random) : null,
      expires_at: random.chance(0.1) ? '2027-12-31T23:59:59.000Z' : null,
    };
  }

  private device(index: number, random: Random): Row {
    const protocols = [...new Set([random.pick(PROTOCOLS), random.pick(PROTOCOLS)])];
    return {
      name: `${random.pick(SITES)}-${random.pick(['srv', 'db', 'sw', 'fw'])}-${index}`,
      address: `10.${(index >> 16) & 255}.${(index >> 8) & 255}.${index & 255}`,
      platform: random.pick(PLATFORMS),
      protocols,
      ports: protocols.map((protocol) => PORTS[protocol]!),
      zone: random.chance(0.9) ? random.pick(['dmz', 'core', 'office', 'lab']) : null,
      group_ids: this.ids(random, 'device-groups', 2),
      state: random.pick(['managed', 'managed', 'managed', 'unreachable', 'maintenance']),
      last_seen_at: random.chance(0.97) ? timeOf(random) : null,
    };
  }

  private account(random: Random): Row {
    const onDevice = random.chance(0.9);
    const rotated = random.chance(0.7);
    return {
      device_id: onDevice ? this.id(random, 'devices') : null,
      directory: onDevice ? null : 'corp.example.com',
      username: random.pick([
        'root',
        'Administrator',
        'postgres',
        'svc-backup',
        'svc-monitor',
        'oracle',
        'deploy',
      ]),
      kind: onDevice ? 'local' : 'domain',
      privileged: random.chance(0.6),
      state: random.pick(['managed', 'managed', 'approved', 'unapproved']),
      secret_rotated_at: rotated ? timeOf(random) : null,
      rotation_policy: rotated ? random.pick(['Every 30 days', 'After each use']) : null,
    };
  }

  private task(index: number, random: Random): Row {
    const ran = random.chance(0.8);
    return {
      name: `Job ${index}`,
      tool: random.pick(TOOLS),
      device_ids: this.ids(random, 'devices', 10),
      schedule: random.chance(0.8) ? `${random.below(60)} ${random.below(24)} * * *` : null,
      enabled: random.chance(0.9),
      last_run_at: ran ? timeOf(random) : null,
      last_result: ran ? random.pick(['succeeded', 'succeeded', 'failed', 'cancelled']) : null,
    };
  }

  private profile(index: number, random: Random): Row {
    return {
      name: `Access ${index}`,
      description: random.chance(0.3) ? 'Reviewed every quarter' : null,
      enabled: random.chance(0.9),
      valid_from: random.chance(0.5) ? timeOf(random) : null,
      valid_until: random.chance(0.2) ? '2027-12-31T23:59:59.000Z' : null,
      user_ids: this.ids(random, 'users', 5),
      user_group_ids: this.ids(random, 'user-groups', 3),
      device_ids: this.ids(random, 'devices', 5),
      device_group_ids: this.ids(random, 'device-groups', 2),
      account_ids: this.ids(random, 'accounts', 5),
      task_ids: this.ids(random, 'tasks', 2),
      tools: [random.pick(TOOLS)],
    };
  }

  private session(random: Random): Row {
    const started = momentOf(random);
    const active = random.chance(0.001);
    return {
      user_id: this.id(random, 'users'),
      source_address: `192.0.2.${random.below(256)}`,
      device_id: this.id(random, 'devices'),
      account_id: random.chance(0.95) ? this.id(random, 'accounts') : null,
      protocol: random.pick(['ssh', 'ssh', 'rdp', 'https', 'sql']),
      channel: random.pick(['web', 'client', 'proxy', 'api']),
      started_at: new Date(started).toISOString(),
      ended_at: active ? null : new Date(started + random.below(28_800_000)).toISOString(),
      state: active ? 'ACTIVE' : 'ENDED',
      recorded: random.chance(0.9),
      commands: random.below(500),
    };
  }

  private approval(random: Random): Row {
    const requested = momentOf(random);
    const state = random.pick(['approved', 'approved', 'denied', 'expired', 'withdrawn', 'pending']);
    const decided = state === 'approved' || state === 'denied';
    return {
      request: `Change ${random.below(100_000)}: ${random.pick(['patch', 'restart', 'investigate', 'restore'])}`,
      requester_id: this.id(random, 'users'),
      approver_id: decided ? this.id(random, 'users') : null,
      device_id: random.chance(0.9) ? this.id(random, 'devices') : null,
      account_id: random.chance(0.5) ? this.id(random, 'accounts') : null,
      state,
      requested_at: new Date(requested).toISOString(),
      decided_at: decided ? new Date(requested + random.below(86_400_000)).toISOString() : null,
      expires_at: new Date(requested + 7 * 86_400_000).toISOString(),
    };
  }

  private id(random: Random, name: ResourceName): string {
    return idOf(name, random.below(this.size(name)));
  }

  private ids(random: Random, name: ResourceName, most: number): string[] {
    return random.some(random.below(most + 1), this.size(name)).map((index) => idOf(name, index));
  }
}

/** e.g. `user-0000042`. */
function idOf(name: ResourceName, index: number): string {
  return `${name.slice(0, -1)}-${String(index).padStart(7, '0')}`;
}

function momentOf(random: Random): number {
  return END - Math.floor(random.next() * SPAN);
}

function timeOf(random: Random): string {
  return new Date(momentOf(random)).toISOString();
}
