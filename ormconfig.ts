import { join, resolve } from 'node:path';
import { DataSource } from 'typeorm';
import { dataSourceOptions } from '#database';

/**
 * The DataSource for the TypeORM command line: PostgreSQL at DATABASE_URL, else the embedded
 * engine of a Postern that is running on POSTERN_DATA_DIR.
 */
export default new DataSource({
  ...dataSourceOptions(
    {
      url: process.env.DATABASE_URL,
      socketFolder: join(resolve(process.env.POSTERN_DATA_DIR ?? './data'), 'run'),
      poolMax: 1,
    },
    { bounded: false },
  ),
  entities: [join(import.meta.dirname, 'libs/**/*.entity.js')],
});
