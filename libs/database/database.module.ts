import { Global, Module, type DynamicModule } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { Tracing } from '#observability';
import { BulkLoader } from './bulk-load/bulk-loader.js';
import { CopyLoader } from './bulk-load/copy-loader.js';
import { InsertLoader } from './bulk-load/insert-loader.js';
import { ChangeFeed } from './changes/change-feed.js';
import { DeafChangeFeed } from './changes/deaf-change-feed.js';
import { EmbeddedChangeFeed } from './changes/embedded-change-feed.js';
import { PostgresChangeFeed } from './changes/postgres-change-feed.js';
import { dataSourceOptions, type DatabaseConnection } from './data-source.js';
import { Database, poolOf } from './database.js';
import { DatabaseFigures } from './database-figures.js';
import { migrate } from './migrate.js';
import { ReadReplicas } from './replicas/read-replicas.js';
import { requireCurrentSchema } from './schema-state.js';

@Global()
@Module({})
export class DatabaseModule {
  /**
   * Migrates, connects, and only then lets the rest of the application start.
   * @param options.attached whether the database is another's: it is not migrated, and nothing is remembered of it
   */
  static register(connection: DatabaseConnection, { attached = false } = {}): DynamicModule {
    return {
      module: DatabaseModule,
      imports: [
        TypeOrmModule.forRootAsync({
          useFactory: () => ({
            ...dataSourceOptions(connection),
            autoLoadEntities: true,
            retryAttempts: 0,
            toRetry: () => false,
          }),
          dataSourceFactory: async (options) => {
            if (!attached) await migrate(connection);
            const dataSource = await new DataSource(options!).initialize();
            if (attached) await requireCurrentSchema(dataSource);
            return dataSource;
          },
        }),
      ],
      providers: [
        Database,
        DatabaseFigures,
        {
          provide: ChangeFeed,
          useFactory: (dataSource: DataSource) => {
            if (attached) return new DeafChangeFeed();
            return connection.url
              ? new PostgresChangeFeed(connection.url)
              : new EmbeddedChangeFeed(poolOf(dataSource), connection.connections);
          },
          inject: [DataSource],
        },
        {
          provide: ReadReplicas,
          useFactory: (database: Database, tracing: Tracing) =>
            new ReadReplicas(
              database,
              connection.url ?? '',
              attached ? [] : (connection.replicaUrls ?? []),
              connection.poolMax,
              tracing,
            ),
          inject: [Database, Tracing],
        },
        { provide: BulkLoader, useClass: connection.url ? CopyLoader : InsertLoader },
      ],
      exports: [Database, ReadReplicas, ChangeFeed, BulkLoader],
    };
  }
}
