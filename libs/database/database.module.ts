import { Global, Module, type DynamicModule } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { BulkLoader } from './bulk-load/bulk-loader.js';
import { CopyLoader } from './bulk-load/copy-loader.js';
import { InsertLoader } from './bulk-load/insert-loader.js';
import { ChangeFeed } from './changes/change-feed.js';
import { EmbeddedChangeFeed } from './changes/embedded-change-feed.js';
import { PostgresChangeFeed } from './changes/postgres-change-feed.js';
import { dataSourceOptions, type DatabaseConnection } from './data-source.js';
import { Database, poolOf } from './database.js';
import { migrate } from './migrate.js';

@Global()
@Module({})
export class DatabaseModule {
  /** Migrates, connects, and only then lets the rest of the application start. */
  static register(connection: DatabaseConnection): DynamicModule {
    return {
      module: DatabaseModule,
      imports: [
        TypeOrmModule.forRootAsync({
          useFactory: () => ({
            ...dataSourceOptions(connection),
            autoLoadEntities: true,
            retryAttempts: 0,
          }),
          dataSourceFactory: async (options) => {
            await migrate(connection);
            return new DataSource(options!).initialize();
          },
        }),
      ],
      providers: [
        Database,
        {
          provide: ChangeFeed,
          useFactory: (dataSource: DataSource) =>
            connection.url
              ? new PostgresChangeFeed(connection.url)
              : new EmbeddedChangeFeed(poolOf(dataSource)),
          inject: [DataSource],
        },
        { provide: BulkLoader, useClass: connection.url ? CopyLoader : InsertLoader },
      ],
      exports: [Database, ChangeFeed, BulkLoader],
    };
  }
}
