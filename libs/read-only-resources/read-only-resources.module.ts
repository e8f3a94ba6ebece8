import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { resourceController } from './resource-controller.js';
import { ResourceReader } from './resource-reader.js';
import { resources } from './resources.js';

/** The read API, `/pam/v1`: GET only, by bearer tokens only. */
@Module({
  imports: [TypeOrmModule.forFeature(resources.map(({ entity }) => entity))],
  controllers: resources.map((resource) => resourceController(resource)),
  providers: [ResourceReader],
  exports: [ResourceReader],
})
export class ReadOnlyResourcesModule {}
