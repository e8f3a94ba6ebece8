import type { components } from '../../api/schema';
import { defineResource, type PamName, type Resource } from './resource';

type Schemas = components['schemas'];

const id = { label: 'Id', kind: 'key' } as const;
const updated_at = { label: 'Changed here', kind: 'time' } as const;

const all: readonly Resource[] = [
  defineResource<Schemas['UserDto']>({
    name: 'users',
    label: 'Users',
    singular: 'user',
    title: 'username',
    searches: 'usernames, names and mail addresses',
    hidden: ['authentication_method', 'expires_at', 'updated_at'],
    fields: {
      id,
      username: { label: 'Username', kind: 'text' },
      first_name: { label: 'First name', kind: 'text' },
      last_name: { label: 'Last name', kind: 'text' },
      email: { label: 'Mail address', kind: 'text' },
      role: { label: 'Role', kind: 'choice', values: ['owner', 'admin', 'auditor', 'user'] },
      authentication_method: {
        label: 'Signs in by',
        kind: 'choice',
        values: ['local', 'ldap', 'radius', 'saml', 'oidc', 'certificate'],
      },
      mfa_enabled: { label: 'Second factor', kind: 'boolean' },
      group_ids: { label: 'Groups', kind: 'references', to: 'user-groups' },
      active: { label: 'Active', kind: 'boolean' },
      last_login_at: { label: 'Last sign-in', kind: 'time' },
      expires_at: { label: 'Access ends', kind: 'time' },
      updated_at,
    },
  }),
  defineResource<Schemas['UserGroupDto']>({
    name: 'user-groups',
    label: 'User groups',
    singular: 'user group',
    title: 'name',
    searches: 'names and descriptions',
    fields: {
      id,
      name: { label: 'Name', kind: 'text' },
      description: { label: 'Description', kind: 'text' },
      updated_at,
    },
  }),
  defineResource<Schemas['DeviceDto']>({
    name: 'devices',
    label: 'Devices',
    singular: 'device',
    title: 'name',
    searches: 'names, addresses, platforms and zones',
    hidden: ['updated_at'],
    fields: {
      id,
      name: { label: 'Name', kind: 'text' },
      address: { label: 'Address', kind: 'text' },
      platform: { label: 'Platform', kind: 'text' },
      protocols: { label: 'Protocols', kind: 'texts' },
      ports: { label: 'Ports', kind: 'numbers' },
      zone: { label: 'Zone', kind: 'text' },
      group_ids: { label: 'Groups', kind: 'references', to: 'device-groups' },
      state: {
        label: 'State',
        kind: 'choice',
        values: ['managed', 'unmanaged', 'maintenance', 'unreachable', 'retired'],
      },
      last_seen_at: { label: 'Last reached', kind: 'time' },
      updated_at,
    },
  }),
  defineResource<Schemas['DeviceGroupDto']>({
    name: 'device-groups',
    label: 'Device groups',
    singular: 'device group',
    title: 'name',
    searches: 'names and descriptions',
    fields: {
      id,
      name: { label: 'Name', kind: 'text' },
      description: { label: 'Description', kind: 'text' },
      updated_at,
    },
  }),
  defineResource<Schemas['AccountDto']>({
    name: 'accounts',
    label: 'Accounts',
    singular: 'account',
    title: 'username',
    searches: 'usernames, directories and rotation policies',
    hidden: ['updated_at'],
    fields: {
      id,
      device_id: { label: 'Device', kind: 'reference', to: 'devices' },
      directory: { label: 'Directory', kind: 'text' },
      username: { label: 'Username', kind: 'text' },
      kind: {
        label: 'Kind',
        kind: 'choice',
        values: ['local', 'domain', 'service', 'database', 'application'],
      },
      privileged: { label: 'Privileged', kind: 'boolean' },
      state: {
        label: 'State',
        kind: 'choice',
        values: ['managed', 'approved', 'unapproved', 'unmanaged', 'disabled', 'lost'],
      },
      secret_rotated_at: { label: 'Secret rotated', kind: 'time' },
      rotation_policy: { label: 'Rotation policy', kind: 'text' },
      updated_at,
    },
  }),
  defineResource<Schemas['ProfileDto']>({
    name: 'profiles',
    label: 'Profiles',
    singular: 'profile',
    title: 'name',
    searches: 'names and descriptions',
    hidden: ['user_ids', 'user_group_ids', 'device_ids', 'account_ids', 'task_ids', 'updated_at'],
    fields: {
      id,
      name: { label: 'Name', kind: 'text' },
      description: { label: 'Description', kind: 'text' },
      enabled: { label: 'Enabled', kind: 'boolean' },
      valid_from: { label: 'Valid from', kind: 'time' },
      valid_until: { label: 'Valid until', kind: 'time' },
      user_ids: { label: 'Users', kind: 'references', to: 'users' },
      user_group_ids: { label: 'User groups', kind: 'references', to: 'user-groups' },
      device_ids: { label: 'Devices', kind: 'references', to: 'devices' },
      device_group_ids: { label: 'Device groups', kind: 'references', to: 'device-groups' },
      account_ids: { label: 'Accounts', kind: 'references', to: 'accounts' },
      task_ids: { label: 'Tasks', kind: 'references', to: 'tasks' },
      tools: { label: 'Tools', kind: 'texts' },
      updated_at,
    },
  }),
  defineResource<Schemas['TaskDto']>({
    name: 'tasks',
    label: 'Tasks',
    singular: 'task',
    title: 'name',
    searches: 'names, tools and schedules',
    hidden: ['updated_at'],
    fields: {
      id,
      name: { label: 'Name', kind: 'text' },
      tool: { label: 'Tool', kind: 'text' },
      device_ids: { label: 'Devices', kind: 'references', to: 'devices' },
      schedule: { label: 'Schedule', kind: 'text' },
      enabled: { label: 'Enabled', kind: 'boolean' },
      last_run_at: { label: 'Last run', kind: 'time' },
      last_result: { label: 'Last result', kind: 'choice', values: ['succeeded', 'failed', 'cancelled'] },
      updated_at,
    },
  }),
  defineResource<Schemas['SessionDto']>({
    name: 'sessions',
    label: 'Sessions',
    singular: 'session',
    title: 'id',
    searches: 'source addresses',
    sort: '-started_at',
    hidden: ['channel', 'updated_at'],
    fields: {
      id,
      user_id: { label: 'User', kind: 'reference', to: 'users' },
      source_address: { label: 'From', kind: 'text' },
      device_id: { label: 'Device', kind: 'reference', to: 'devices' },
      account_id: { label: 'Account', kind: 'reference', to: 'accounts' },
      protocol: {
        label: 'Protocol',
        kind: 'choice',
        values: ['ssh', 'rdp', 'vnc', 'telnet', 'http', 'https', 'sql', 'winrm'],
      },
      channel: { label: 'Channel', kind: 'choice', values: ['web', 'client', 'proxy', 'api'] },
      started_at: { label: 'Began', kind: 'time' },
      ended_at: { label: 'Ended', kind: 'time' },
      state: { label: 'State', kind: 'choice', values: ['ACTIVE', 'ENDED'] },
      recorded: { label: 'Recorded', kind: 'boolean' },
      commands: { label: 'Commands', kind: 'number' },
      updated_at,
    },
  }),
  defineResource<Schemas['ApprovalDto']>({
    name: 'approvals',
    label: 'Approvals',
    singular: 'approval',
    title: 'request',
    searches: 'requests',
    sort: '-requested_at',
    hidden: ['account_id', 'updated_at'],
    fields: {
      id,
      request: { label: 'Request', kind: 'text' },
      requester_id: { label: 'Asked by', kind: 'reference', to: 'users' },
      approver_id: { label: 'Decided by', kind: 'reference', to: 'users' },
      device_id: { label: 'Device', kind: 'reference', to: 'devices' },
      account_id: { label: 'Account', kind: 'reference', to: 'accounts' },
      state: {
        label: 'State',
        kind: 'choice',
        values: ['pending', 'approved', 'denied', 'expired', 'withdrawn'],
      },
      requested_at: { label: 'Asked', kind: 'time' },
      decided_at: { label: 'Decided', kind: 'time' },
      expires_at: { label: 'Ends', kind: 'time' },
      updated_at,
    },
  }),
];

export const RESOURCES = Object.fromEntries(all.map((resource) => [resource.name, resource])) as Record<
  PamName,
  Resource
>;

/** Lists whose rows refer to rows of this resource, and the filter that asks for them. */
export function referrersOf(name: PamName): { resource: Resource; filter: string; label: string }[] {
  return all.flatMap((resource) =>
    resource.fields.flatMap((field) =>
      (field.kind === 'reference' || field.kind === 'references') && field.to === name
        ? [{ resource, filter: field.name.replace(/_ids$/, '_id'), label: field.label }]
        : [],
    ),
  );
}
