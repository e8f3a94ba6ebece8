import { Global, Module } from '@nestjs/common';
import { MasterKeys } from './master-keys.js';
import { Vault } from './vault.js';
import { VaultUpkeep } from './vault-upkeep.js';

@Global()
@Module({ providers: [MasterKeys, Vault, VaultUpkeep], exports: [MasterKeys, Vault, VaultUpkeep] })
export class SealingModule {}
