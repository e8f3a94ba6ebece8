import { AccountDto } from './accounts/account.dto.js';
import { AccountEntity } from './accounts/account.entity.js';
import { ApprovalDto } from './approvals/approval.dto.js';
import { ApprovalEntity } from './approvals/approval.entity.js';
import { DeviceGroupDto } from './device-groups/device-group.dto.js';
import { DeviceGroupEntity } from './device-groups/device-group.entity.js';
import { DeviceDto } from './devices/device.dto.js';
import { DeviceEntity } from './devices/device.entity.js';
import { ProfileDto } from './profiles/profile.dto.js';
import { ProfileEntity } from './profiles/profile.entity.js';
import { defineResource, type Resource } from './resource.js';
import { SessionDto } from './sessions/session.dto.js';
import { SessionEntity } from './sessions/session.entity.js';
import { TaskDto } from './tasks/task.dto.js';
import { TaskEntity } from './tasks/task.entity.js';
import { UserGroupDto } from './user-groups/user-group.dto.js';
import { UserGroupEntity } from './user-groups/user-group.entity.js';
import { UserDto } from './users/user.dto.js';
import { UserEntity } from './users/user.entity.js';

/** All PAM data there is. One that refers to another comes after it. */
export const resources: readonly Resource[] = [
  defineResource({
    name: 'user-groups',
    singular: 'user group',
    description: 'The groups that users are in.',
    entity: UserGroupEntity,
    dto: UserGroupDto,
    search: ['name', 'description'],
  }),
  defineResource({
    name: 'device-groups',
    singular: 'device group',
    description: 'The groups that devices are in.',
    entity: DeviceGroupEntity,
    dto: DeviceGroupDto,
    search: ['name', 'description'],
  }),
  defineResource({
    name: 'users',
    singular: 'user',
    description: 'The people that the PAM platform knows.',
    entity: UserEntity,
    dto: UserDto,
    search: ['username', 'first_name', 'last_name', 'email'],
    references: { group_ids: UserGroupEntity },
  }),
  defineResource({
    name: 'devices',
    singular: 'device',
    description: 'The machines and appliances whose access the PAM platform manages.',
    entity: DeviceEntity,
    dto: DeviceDto,
    search: ['name', 'address', 'platform', 'zone'],
    references: { group_ids: DeviceGroupEntity },
  }),
  defineResource({
    name: 'accounts',
    singular: 'account',
    description: 'The accounts on devices and in directories, never their secrets.',
    entity: AccountEntity,
    dto: AccountDto,
    search: ['username', 'directory', 'rotation_policy'],
    references: { device_id: DeviceEntity },
  }),
  defineResource({
    name: 'tasks',
    singular: 'task',
    description: 'What tools do on devices, by schedule or by hand.',
    entity: TaskEntity,
    dto: TaskDto,
    search: ['name', 'tool', 'schedule'],
    references: { device_ids: DeviceEntity },
  }),
  defineResource({
    name: 'profiles',
    singular: 'profile',
    description: 'Which users and groups reach which devices, accounts, tools and tasks.',
    entity: ProfileEntity,
    dto: ProfileDto,
    search: ['name', 'description'],
    references: {
      user_ids: UserEntity,
      user_group_ids: UserGroupEntity,
      device_ids: DeviceEntity,
      device_group_ids: DeviceGroupEntity,
      account_ids: AccountEntity,
      task_ids: TaskEntity,
    },
  }),
  defineResource({
    name: 'sessions',
    singular: 'session',
    description: 'The sessions of users on devices, those that go on and those that ended.',
    entity: SessionEntity,
    dto: SessionDto,
    search: ['source_address'],
    references: { user_id: UserEntity, device_id: DeviceEntity, account_id: AccountEntity },
  }),
  defineResource({
    name: 'approvals',
    singular: 'approval',
    description: 'The requests for access, and what became of them.',
    entity: ApprovalEntity,
    dto: ApprovalDto,
    search: ['request'],
    references: {
      requester_id: UserEntity,
      approver_id: UserEntity,
      device_id: DeviceEntity,
      account_id: AccountEntity,
    },
  }),
];
