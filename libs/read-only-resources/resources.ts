import { AccountDto } from './accounts/account.dto.js';
import { AccountEntity } from './accounts/account.entity.js';
import { DeviceDto } from './devices/device.dto.js';
import { DeviceEntity } from './devices/device.entity.js';
import { defineResource, type Resource } from './resource.js';
import { UserDto } from './users/user.dto.js';
import { UserEntity } from './users/user.entity.js';

/** All PAM data there is. One that refers to another comes after it. */
export const resources: readonly Resource[] = [
  defineResource({
    name: 'users',
    singular: 'user',
    description: 'The people that the PAM platform knows.',
    entity: UserEntity,
    dto: UserDto,
    search: ['username', 'first_name', 'last_name', 'email'],
  }),
  defineResource({
    name: 'devices',
    singular: 'device',
    description: 'The machines and appliances whose access the PAM platform manages.',
    entity: DeviceEntity,
    dto: DeviceDto,
    search: ['name', 'address', 'platform', 'zone'],
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
];
