import type { PGlite } from '@electric-sql/pglite';
import { GleanerError } from '@gleaner/primitives';
import {
  CompiledQuery,
  type DatabaseConnection,
  type DatabaseIntrospector,
  type Dialect,
  type Driver,
  type Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryResult,
} from 'kysely';

/** Kysely over PGlite, which has one connection: whoever holds it, alone speaks to the database. */
export class PgliteDialect implements Dialect {
  readonly #pglite: PGlite;
  readonly #acquireTimeoutMs: number;

  constructor(pglite: PGlite, acquireTimeoutMs: number) {
    this.#pglite = pglite;
    this.#acquireTimeoutMs = acquireTimeoutMs;
  }

  createAdapter(): PostgresAdapter {
    return new PostgresAdapter();
  }

  createDriver(): Driver {
    return new PgliteDriver(this.#pglite, this.#acquireTimeoutMs);
  }

  // biome-ignore lint/suspicious/noExplicitAny: the signature of the interface
  createIntrospector(db: Kysely<any>): DatabaseIntrospector {
    return new PostgresIntrospector(db);
  }

  createQueryCompiler(): PostgresQueryCompiler {
    return new PostgresQueryCompiler();
  }
}

class PgliteDriver implements Driver {
  readonly #pglite: PGlite;
  readonly #connection: PgliteConnection;
  readonly #acquireTimeoutMs: number;
  readonly #waiting: (() => void)[] = [];
  #held = false;

  constructor(pglite: PGlite, acquireTimeoutMs: number) {
    this.#pglite = pglite;
    this.#connection = new PgliteConnection(pglite);
    this.#acquireTimeoutMs = acquireTimeoutMs;
  }

  async init(): Promise<void> {
    await this.#pglite.waitReady;
  }

  async acquireConnection(): Promise<DatabaseConnection> {
    if (!this.#held) {
      this.#held = true;
      return this.#connection;
    }
    await this.#waitTurn();
    return this.#connection;
  }

  async releaseConnection(): Promise<void> {
    const next = this.#waiting.shift();
    if (next) next();
    else this.#held = false;
  }

  async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('begin'));
  }

  async commitTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('commit'));
  }

  async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('rollback'));
  }

  async destroy(): Promise<void> {
    if (!this.#pglite.closed) await this.#pglite.close();
  }

  /** The holder hands the connection over in `releaseConnection`. */
  #waitTurn(): Promise<void> {
    return new Promise((resolve, reject) => {
      const turn = (): void => {
        clearTimeout(timer);
        resolve();
      };
      const timer = setTimeout(() => {
        this.#waiting.splice(this.#waiting.indexOf(turn), 1);
        reject(new GleanerError('timed-out', `The database was busy for ${this.#acquireTimeoutMs} ms`));
      }, this.#acquireTimeoutMs);
      this.#waiting.push(turn);
    });
  }
}

class PgliteConnection implements DatabaseConnection {
  readonly #pglite: PGlite;

  constructor(pglite: PGlite) {
    this.#pglite = pglite;
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    const { rows, affectedRows } = await this.#pglite.query<R>(query.sql, [...query.parameters]);
    return affectedRows === undefined ? { rows } : { rows, numAffectedRows: BigInt(affectedRows) };
  }

  // biome-ignore lint/correctness/useYield: PGlite gives whole results only
  async *streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new GleanerError('internal-error', 'PGlite cannot stream rows');
  }
}
