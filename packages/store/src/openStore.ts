import { resolve } from 'node:path';
import { GleanerError } from '@gleaner/primitives';
import { CamelCasePlugin, type Dialect, Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import type { Database } from './Database.ts';
import { PgliteDialect } from './dialect/pgliteDialect.ts';
import { translatingDialect } from './dialect/translatingDialect.ts';
import { openPglite } from './embedded/openPglite.ts';
import { migrate } from './migrate.ts';
import { type Listener, pgliteListener, postgresListener, type Unlisten } from './notify/listener.ts';

/** A PostgreSQL server, a folder for the embedded database, or an embedded database that ends with the process. */
export type StoreOptions = ({ readonly url: string } | { readonly dataDir: string } | { readonly memory: true }) & {
  /** Connections at most; servers only. */
  readonly maxConnections?: number;
};

export interface Store {
  readonly db: Kysely<Database>;
  /** False for the embedded database, which lives in this process alone. */
  readonly isServer: boolean;
  /** Hears what `notify` says, in this and other processes. Messages may be lost when the connection breaks: poll beside it. */
  listen(channel: string, onMessage: (payload: string) => void): Promise<Unlisten>;
  /** Lets running statements end, then closes all connections. */
  close(): Promise<void>;
}

const TIMEOUTS = { connectMs: 5_000, statementMs: 30_000, idleInTransactionMs: 10_000, idleMs: 30_000, acquireMs: 30_000 } as const;

/**
 * Opens the database and brings its schema up to date.
 * @throws {GleanerError} database-unreachable, data-unreadable, data-corrupt, disk-full
 */
export async function openStore(options: StoreOptions): Promise<Store> {
  const { dialect, place, listener, isServer, release } =
    'url' in options ? openServer(options.url, options.maxConnections ?? 10) : await openEmbedded(options);
  const db = new Kysely<Database>({
    dialect: translatingDialect(dialect, place),
    plugins: [new CamelCasePlugin({ maintainNestedObjectKeys: true })],
  });
  const close = async (): Promise<void> => {
    await listener.close();
    await db.destroy().finally(release);
  };
  try {
    await migrate(db);
  } catch (error) {
    await close().catch(() => {});
    throw error;
  }
  return { db, isServer, listen: (channel, onMessage) => listener.listen(channel, onMessage), close };
}

interface Opened {
  readonly dialect: Dialect;
  readonly place: string;
  readonly listener: Listener;
  readonly isServer: boolean;
  /** After everything is closed. */
  release(): void;
}

/** int8 and numeric hold whole numbers only in this schema. */
const BIGINT_TYPES: readonly number[] = [pg.types.builtins.INT8, pg.types.builtins.NUMERIC];
const INT8_ARRAY = 1016;
const NUMERIC_ARRAY = 1231;

function openServer(url: string, max: number): Opened {
  const place = placeOf(url);
  const config = {
    connectionString: url,
    connectionTimeoutMillis: TIMEOUTS.connectMs,
    statement_timeout: TIMEOUTS.statementMs,
    query_timeout: TIMEOUTS.statementMs + 5_000,
    idle_in_transaction_session_timeout: TIMEOUTS.idleInTransactionMs,
    keepAlive: true,
    application_name: 'gleaner',
    types: { getTypeParser: typeParser as typeof pg.types.getTypeParser },
  };
  const pool = new pg.Pool({ ...config, max, idleTimeoutMillis: TIMEOUTS.idleMs });
  // An idle connection that breaks is replaced at the next use; that use reports what is wrong.
  pool.on('error', () => {});
  return {
    dialect: new PostgresDialect({ pool }),
    place,
    listener: postgresListener({ connectionString: url, keepAlive: true }),
    isServer: true,
    release: () => {},
  };
}

function typeParser(oid: number, format?: 'text' | 'binary'): unknown {
  if (format !== 'binary' && BIGINT_TYPES.includes(oid)) return BigInt;
  if (format !== 'binary' && (oid === INT8_ARRAY || oid === NUMERIC_ARRAY)) return bigintArray;
  return pg.types.getTypeParser(oid, format);
}

/** One-dimensional, without nulls, as `array_agg` of a key gives it. */
const bigintArray = (text: string): bigint[] => (text === '{}' ? [] : text.slice(1, -1).split(',').map(BigInt));

/** Host, port and name of the database; neither user nor password. */
function placeOf(url: string): string {
  try {
    const { host, pathname, searchParams } = new URL(url);
    return `${host || (searchParams.get('host') ?? 'localhost')}${pathname}`;
  } catch {
    throw new GleanerError('database-unreachable', 'DATABASE_URL is not a URL; it should read postgres://user:password@host:port/name');
  }
}

async function openEmbedded(options: { dataDir: string } | { memory: true }): Promise<Opened> {
  const folder = 'dataDir' in options ? resolve(options.dataDir) : undefined;
  const { pglite, release } = await openPglite(folder);
  return {
    dialect: new PgliteDialect(pglite, TIMEOUTS.acquireMs),
    place: folder ?? 'memory',
    listener: pgliteListener(pglite),
    isServer: false,
    release,
  };
}
