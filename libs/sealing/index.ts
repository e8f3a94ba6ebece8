export { MasterKeys, SealError } from './master-keys.js';
export { SealingModule } from './sealing.module.js';
