import { Module } from '@nestjs/common';
import { Pruning } from './pruning.js';

@Module({ providers: [Pruning], exports: [Pruning] })
export class RetentionModule {}
