import { Module } from '@nestjs/common';
import { PruningFigures } from './pruning-figures.js';
import { Pruning } from './pruning.js';

@Module({ providers: [PruningFigures, Pruning], exports: [Pruning] })
export class RetentionModule {}
