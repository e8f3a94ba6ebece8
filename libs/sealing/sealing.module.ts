import { Global, Module } from '@nestjs/common';
import { MasterKeys } from './master-keys.js';

@Global()
@Module({ providers: [MasterKeys], exports: [MasterKeys] })
export class SealingModule {}
