import {
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type Kysely,
  type QueryResult,
  type TransactionSettings,
} from 'kysely';
import type { Sql, TransactionSql } from 'postgres';

/**
 * Kysely over postgres.js. Transactions run inside `sql.begin`, which learns that its connection closed;
 * a reserved connection does not, and a statement sent on it then (a rollback, say) is never answered, or
 * ends the process.
 */
export const postgresDialect = (client: Sql): Dialect => ({
  createAdapter: () => new PostgresAdapter(),
  createDriver: () => new PostgresDriver(client),
  createQueryCompiler: () => new PostgresQueryCompiler(),
  createIntrospector: (db: Kysely<unknown>) => new PostgresIntrospector(db),
});

class PostgresDriver implements Driver {
  readonly #client: Sql;

  constructor(client: Sql) {
    this.#client = client;
  }

  init = async (): Promise<void> => {};
  releaseConnection = async (): Promise<void> => {};

  acquireConnection(): Promise<Connection> {
    return Promise.resolve(new Connection(this.#client));
  }

  beginTransaction(connection: Connection, settings: TransactionSettings): Promise<void> {
    return connection.begin(settings);
  }

  commitTransaction(connection: Connection): Promise<void> {
    return connection.commit();
  }

  rollbackTransaction(connection: Connection): Promise<void> {
    return connection.rollback();
  }

  destroy(): Promise<void> {
    return this.#client.end();
  }
}

interface OpenTransaction {
  readonly sql: TransactionSql;
  /** Lets `begin` commit, or roll back when given an error */
  readonly finish: (error?: Error) => void;
  /** Settles with the transaction: rejects when its connection is lost */
  readonly done: Promise<unknown>;
  lost?: unknown;
}

class RolledBack extends Error {}

/** One unit of work: any connection of the pool for each statement, or one transaction. */
class Connection implements DatabaseConnection {
  readonly #client: Sql;
  #transaction: OpenTransaction | undefined;

  constructor(client: Sql) {
    this.#client = client;
  }

  async begin({ isolationLevel, accessMode }: TransactionSettings): Promise<void> {
    const options = [isolationLevel && `isolation level ${isolationLevel}`, accessMode];
    this.#transaction = await open(this.#client, options.filter(Boolean).join(' '));
  }

  async commit(): Promise<void> {
    const transaction = this.#end();
    if (transaction.lost) throw transaction.lost;
    transaction.finish();
    await transaction.done;
  }

  async rollback(): Promise<void> {
    const transaction = this.#end();
    // PostgreSQL rolled it back with the connection; nothing may be sent on it any more.
    if (transaction.lost) return;
    transaction.finish(new RolledBack());
    await transaction.done.catch(() => {});
  }

  async executeQuery<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
    if (this.#transaction?.lost) throw this.#transaction.lost;
    const on = this.#transaction?.sql ?? this.#client;
    const rows = await on.unsafe(sql, [...parameters] as never[], { prepare: true });
    const changed = /^(INSERT|UPDATE|DELETE|MERGE)$/.test(rows.command);
    return {
      rows: Array.from(rows) as R[],
      ...(changed ? { numAffectedRows: BigInt(rows.count) } : {}),
    };
  }

  // oxlint-disable-next-line require-yield
  async *streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new TypeError('nothing here is read as a stream');
  }

  #end(): OpenTransaction {
    const transaction = this.#transaction;
    if (!transaction) throw new TypeError('no transaction is open');
    this.#transaction = undefined;
    return transaction;
  }
}

/** Turns the callback of `begin` inside out: resolves when the transaction is open. */
function open(client: Sql, options: string): Promise<OpenTransaction> {
  return new Promise((resolve, reject) => {
    let transaction: OpenTransaction | undefined;
    const done: Promise<unknown> = client.begin(
      options,
      (sql) =>
        new Promise<void>((commit, rollBack) => {
          const finish = (error?: Error): void => (error ? rollBack(error) : commit());
          // `done` is assigned by the time this runs: `begin` waits for the server first.
          queueMicrotask(() => {
            transaction = { sql, finish, done };
            resolve(transaction);
          });
        }),
    );
    done.catch((error: unknown) => {
      if (transaction) transaction.lost = error;
      reject(error);
    });
  });
}
