import { Global, Module } from '@nestjs/common';
import { MasterKeys } from './master-keys.js';
import { Vault } from './vault.js';

@Global()
@Module({ providers: [MasterKeys, Vault], exports: [MasterKeys, Vault] })
export class SealingModule {}
