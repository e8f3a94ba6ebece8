import { DataSource } from 'typeorm';
import { Configuration } from '#configuration';
import { Database, dataSourceOptions, PostgresChangeFeed } from '#database';
import { Metrics, Tracing } from '#observability';
import { Pruning, PruningFigures } from '#retention';

/** Prunes a database as if it were that time, in a process of its own that can be killed. */
const [url, time] = process.argv.slice(2);
const clock = { now: () => new Date(time!) };
const dataSource = await new DataSource(dataSourceOptions({ url: url!, poolMax: 1 })).initialize();
const database = new Database(dataSource, new PostgresChangeFeed(url!), new Tracing());
await new Pruning(database, clock, Configuration.from({}), new PruningFigures(new Metrics())).prune();
await dataSource.destroy();
