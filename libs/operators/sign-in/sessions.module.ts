import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { SessionEntity } from './session.entity.js';
import { Sessions } from './sessions.js';

/** Who is signed in; apart from how people sign in, so that both sides of the sign-in page can ask. */
@Module({
  imports: [TypeOrmModule.forFeature([SessionEntity])],
  providers: [Sessions],
  exports: [Sessions],
})
export class SessionsModule {}
