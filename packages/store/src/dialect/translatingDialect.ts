import type { CompiledQuery, DatabaseConnection, Dialect, Driver, QueryResult } from 'kysely';
import { translateError } from '../errors/translateError.ts';

/** A dialect whose every failure is one of the typed errors of the store; `place` names the database without its password. */
export function translatingDialect(dialect: Dialect, place: string): Dialect {
  return {
    createAdapter: () => dialect.createAdapter(),
    createDriver: () => translatingDriver(dialect.createDriver(), place),
    createIntrospector: (db) => dialect.createIntrospector(db),
    createQueryCompiler: () => dialect.createQueryCompiler(),
  };
}

function translatingDriver(driver: Driver, place: string): Driver {
  const wrapped = new WeakMap<DatabaseConnection, TranslatingConnection>();
  const wrap = (inner: DatabaseConnection): DatabaseConnection => {
    const known = wrapped.get(inner);
    if (known) return known;
    const connection = new TranslatingConnection(inner, place);
    wrapped.set(inner, connection);
    return connection;
  };
  const unwrap = (connection: DatabaseConnection): DatabaseConnection =>
    connection instanceof TranslatingConnection ? connection.inner : connection;
  const translated = async <T>(action: () => Promise<T>): Promise<T> => {
    try {
      return await action();
    } catch (error) {
      throw translateError(error, place);
    }
  };
  return {
    init: (options) => translated(() => driver.init(options)),
    acquireConnection: (options) => translated(async () => wrap(await driver.acquireConnection(options))),
    releaseConnection: (connection, options) => driver.releaseConnection(unwrap(connection), options),
    beginTransaction: (connection, settings) => translated(() => driver.beginTransaction(unwrap(connection), settings)),
    commitTransaction: (connection) => translated(() => driver.commitTransaction(unwrap(connection))),
    rollbackTransaction: (connection) => translated(() => driver.rollbackTransaction(unwrap(connection))),
    destroy: (options) => translated(() => driver.destroy(options)),
  };
}

class TranslatingConnection implements DatabaseConnection {
  readonly inner: DatabaseConnection;
  readonly #place: string;

  constructor(inner: DatabaseConnection, place: string) {
    this.inner = inner;
    this.#place = place;
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    try {
      return await this.inner.executeQuery<R>(query);
    } catch (error) {
      throw translateError(error, this.#place, query.sql);
    }
  }

  streamQuery<R>(query: CompiledQuery, chunkSize: number): AsyncIterableIterator<QueryResult<R>> {
    return this.inner.streamQuery<R>(query, chunkSize);
  }
}
