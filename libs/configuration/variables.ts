import { Transform } from 'class-transformer';
import { IsArray, IsBoolean, IsIn, IsOptional, IsString, IsUrl, Length, Matches } from 'class-validator';
import {
  CLIENT_ID,
  CUSTOMER_ID,
  MAX_PASSWORD,
  MIN_PASSWORD,
  SUPPLIED_CLIENT_SECRET,
  USERNAME,
} from '#oauth-protocol';
import { IsCidr } from './is-cidr.js';
import { IsMasterKey, NeedsMasterKey } from './is-master-key.js';
import { IsWholeNumber } from './is-whole-number.js';
import { IsPostgresUrl, NeedsDatabase } from './is-postgres-url.js';

const toBoolean = Transform(({ value }) => ({ true: true, false: false })[String(value)] ?? value);
const toList = Transform(({ value }) =>
  String(value)
    .split(',')
    .map((one) => one.trim())
    .filter(Boolean),
);

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'];

/** Every environment variable, with its default and what it takes. `.env.example` tells the same story. */
export class Variables {
  @IsOptional()
  @IsString({ message: 'takes a host name or address to listen on' })
  HOST = '127.0.0.1';

  @IsWholeNumber('a port', 0, 65_535)
  PORT = 3000;

  @IsOptional()
  @IsPostgresUrl({ message: 'takes a postgres:// or postgresql:// URL' })
  DATABASE_URL?: string;

  @toList
  @IsArray()
  @IsPostgresUrl({ each: true, message: 'takes postgres:// or postgresql:// URLs, comma-separated' })
  @NeedsDatabase({ message: 'takes URLs only together with DATABASE_URL' })
  DATABASE_REPLICA_URLS: string[] = [];

  @IsWholeNumber('a whole number', 1, 1000)
  DATABASE_POOL_MAX = 10;

  @IsOptional()
  @Matches(/^rediss?:\/\/[^\s/]/, { message: 'takes a redis:// or rediss:// URL' })
  REDIS_URL?: string;

  @IsWholeNumber('a whole number', 0, 10_000_000)
  POSTERN_TOKEN_CACHE_SIZE = 100_000;

  @IsString({ message: 'takes a folder' })
  POSTERN_DATA_DIR = './data';

  @IsOptional()
  @IsUrl(
    {
      protocols: ['http', 'https'],
      require_protocol: true,
      require_tld: false,
      disallow_auth: true,
      allow_query_components: false,
      allow_fragments: false,
    },
    { message: 'takes an http or https URL without user, path, query or fragment' },
  )
  @Matches(/^[^/]+:\/\/[^/]+\/*$/, {
    message: 'takes an http or https URL without user, path, query or fragment',
  })
  POSTERN_PUBLIC_URL?: string;

  @toList
  @IsArray()
  @IsMasterKey({ each: true, message: 'takes keys of 32 bytes in base64, comma-separated' })
  POSTERN_MASTER_KEY: string[] = [];

  @toBoolean
  @IsBoolean({ message: 'takes true or false' })
  @NeedsMasterKey({ message: 'takes true only together with POSTERN_MASTER_KEY' })
  POSTERN_VAULT = false;

  @toList
  @IsArray()
  @Matches(/^https?:\/\/[^/?#@\s]+$/, {
    each: true,
    message: 'takes origins such as https://app.example.com, comma-separated',
  })
  POSTERN_CORS_ORIGINS: string[] = [];

  @toList
  @IsArray()
  @IsCidr({ each: true, message: 'takes CIDR blocks such as 10.0.0.0/8, comma-separated' })
  POSTERN_TRUSTED_PROXIES: string[] = [];

  @IsWholeNumber('seconds', 1, 2_592_000)
  POSTERN_ACCESS_TOKEN_TTL = 3600;

  @IsWholeNumber('days', 1, 3650)
  POSTERN_TOKEN_RETENTION_DAYS = 90;

  @IsWholeNumber('days', 1, 36_500)
  POSTERN_AUDIT_RETENTION_DAYS = 365;

  @IsOptional()
  @IsString({ message: 'takes stdout, or a file that can be written' })
  POSTERN_AUDIT_COPY?: string;

  @IsWholeNumber('a whole number', 1, 100_000)
  POSTERN_RATE_LIMIT_FAILURES = 20;

  @IsWholeNumber('a whole number', 0, 1_000_000_000)
  POSTERN_RATE_LIMIT_REQUESTS = 0;

  @IsWholeNumber('seconds', 0, 5)
  POSTERN_SHUTDOWN_GRACE = 3;

  @IsIn(LOG_LEVELS, { message: `takes one of ${LOG_LEVELS.join(', ')}` })
  LOG_LEVEL = 'info';

  @IsOptional()
  @IsUrl(
    {
      protocols: ['http', 'https'],
      require_protocol: true,
      require_tld: false,
      disallow_auth: true,
      allow_query_components: false,
      allow_fragments: false,
    },
    { message: 'takes an http or https URL without user, query or fragment' },
  )
  OTEL_EXPORTER_OTLP_ENDPOINT?: string;

  @Matches(CUSTOMER_ID, {
    message: 'takes 1 to 64 letters, digits, dots, dashes or underscores, but not . or ..',
  })
  POSTERN_DEFAULT_CUSTOMER = '10001';

  @Matches(USERNAME, { message: 'takes 1 to 64 of the characters A-Z a-z 0-9 . _ @ + -' })
  POSTERN_OWNER_USERNAME = 'owner';

  @IsOptional()
  @Length(MIN_PASSWORD, MAX_PASSWORD, { message: `takes ${MIN_PASSWORD} to ${MAX_PASSWORD} characters` })
  POSTERN_OWNER_PASSWORD?: string;

  @IsOptional()
  @Matches(CLIENT_ID, { message: 'takes 1 to 128 of the characters A-Z a-z 0-9 . _ ~ -' })
  POSTERN_ADMIN_CLIENT_ID?: string;

  @IsOptional()
  @Matches(SUPPLIED_CLIENT_SECRET, { message: 'takes 16 to 256 printable ASCII characters' })
  POSTERN_ADMIN_CLIENT_SECRET?: string;

  @toBoolean
  @IsBoolean({ message: 'takes true or false' })
  POSTERN_SAMPLE_DATA = true;
}
