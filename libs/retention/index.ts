export { Pruning } from './pruning.js';
export { PruningFigures } from './pruning-figures.js';
export { RetentionModule } from './retention.module.js';
