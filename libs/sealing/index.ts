export { MasterKeys, SealError } from './master-keys.js';
export { Vault } from './vault.js';
export { VaultUpkeep } from './vault-upkeep.js';
export { SealingModule } from './sealing.module.js';
