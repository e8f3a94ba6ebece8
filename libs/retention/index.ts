export { Pruning } from './pruning.js';
export { RetentionModule } from './retention.module.js';
