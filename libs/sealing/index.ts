export { MasterKeys, SealError } from './master-keys.js';
export { Vault } from './vault.js';
export { SealingModule } from './sealing.module.js';
