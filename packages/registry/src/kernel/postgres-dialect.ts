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
import type { Pool } from './postgres-pool.ts';
import type { Session } from './postgres-session.ts';

/** Kysely over postgres.js, with connections of our own pool: see `Session` for what its pool does. */
export const postgresDialect = (pool: Pool): Dialect => ({
  createAdapter: () => new PostgresAdapter(),
  createDriver: () => new PostgresDriver(pool),
  createQueryCompiler: () => new PostgresQueryCompiler(),
  createIntrospector: (db: Kysely<unknown>) => new PostgresIntrospector(db),
});

class PostgresDriver implements Driver {
  readonly #pool: Pool;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  init = async (): Promise<void> => {};

  async acquireConnection(): Promise<Connection> {
    return new Connection(await this.#pool.acquire());
  }

  async releaseConnection(connection: Connection): Promise<void> {
    this.#pool.release(connection.session);
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
    return this.#pool.end();
  }
}

interface OpenTransaction {
  readonly sql: TransactionSql;
  /** Lets `begin` commit, or roll back when given an error */
  readonly finish: (error?: Error) => void;
  /** Settles with the transaction */
  readonly done: Promise<unknown>;
}

class RolledBack extends Error {}

/** One unit of work on one session: statements, or one transaction. */
class Connection implements DatabaseConnection {
  readonly session: Session;
  #transaction: OpenTransaction | undefined;

  constructor(session: Session) {
    this.session = session;
  }

  async begin({ isolationLevel, accessMode }: TransactionSettings): Promise<void> {
    const options = [isolationLevel && `isolation level ${isolationLevel}`, accessMode];
    const words = options.filter(Boolean).join(' ');
    this.#transaction = await this.session.run((client) => open(client, words));
  }

  async commit(): Promise<void> {
    const transaction = this.#end();
    if (!transaction) throw new TypeError('no transaction is open');
    await this.session.run(() => {
      transaction.finish();
      return transaction.done;
    });
  }

  async rollback(): Promise<void> {
    const transaction = this.#end();
    // Kysely rolls back after a commit that failed, too, which PostgreSQL has rolled back itself.
    if (!transaction) return;
    const { finish, done } = transaction;
    const rolledBack = this.session.run(() => {
      finish(new RolledBack());
      return done.catch((error: unknown) => {
        if (!(error instanceof RolledBack)) throw error;
      });
    });
    // What cannot be rolled back in order, PostgreSQL rolls back with its connection.
    await rolledBack.catch((error: unknown) => this.session.lose(error));
  }

  async executeQuery<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
    const rows = await this.session.run((client) =>
      (this.#transaction?.sql ?? client).unsafe(sql, [...parameters] as never[], { prepare: true }),
    );
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

  #end(): OpenTransaction | undefined {
    const transaction = this.#transaction;
    this.#transaction = undefined;
    return transaction;
  }
}

/** Turns the callback of `begin` inside out: resolves when the transaction is open. */
function open(client: Sql, options: string): Promise<OpenTransaction> {
  return new Promise((resolve, reject) => {
    const done: Promise<unknown> = client.begin(
      options,
      (sql) =>
        new Promise<void>((commit, rollBack) => {
          const finish = (error?: Error): void => (error ? rollBack(error) : commit());
          // `done` is assigned by the time this runs: `begin` waits for the server first.
          queueMicrotask(() => resolve({ sql, finish, done }));
        }),
    );
    done.catch(reject);
  });
}
