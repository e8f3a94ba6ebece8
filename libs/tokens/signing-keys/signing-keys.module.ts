import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { SigningKeyEntity } from './signing-key.entity.js';
import { SigningKeySealing } from './signing-key-sealing.js';
import { SigningKeyStore } from './signing-key-store.js';
import { SigningKeys } from './signing-keys.js';

/** The keys stand apart: the audit log's checkpoints are signed with them, too. */
@Module({
  imports: [TypeOrmModule.forFeature([SigningKeyEntity])],
  providers: [SigningKeyStore, SigningKeySealing, SigningKeys],
  exports: [SigningKeySealing, SigningKeys],
})
export class SigningKeysModule {}
