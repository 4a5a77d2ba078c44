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
import type { Row, RowList } from 'postgres';
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
    return new Connection(await this.#pool.acquire(), this.#pool.inTransactions);
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

/**
 * One unit of work on one session: statements, or one transaction. Statements that are sent together are pipelined:
 * PostgreSQL runs them one after the other, and their answers come in one round trip.
 */
class Connection implements DatabaseConnection {
  readonly session: Session;
  /** The statements that a transaction begins with, where its session is another one each time */
  readonly #inTransactions: string;
  /** `opening` until PostgreSQL says that the transaction is open, `ending` until it says that it is over */
  #state: 'none' | 'opening' | 'open' | 'ending' = 'none';
  #begun: Promise<void> = Promise.resolve();
  /** Something waits until the transaction is open, and what comes later stays behind it */
  #isHeld = false;
  /** The error of the first statement that failed: after it, PostgreSQL refuses every other one */
  #failure: { readonly error: unknown } | undefined;

  constructor(session: Session, inTransactions: string) {
    this.session = session;
    this.#inTransactions = inTransactions;
  }

  /**
   * Leaves with the first reads and locks. Where it fails these ran by themselves, and left nothing; the connection is
   * lost, so that nothing follows them.
   */
  async begin({ isolationLevel, accessMode }: TransactionSettings): Promise<void> {
    const options = [isolationLevel && `isolation level ${isolationLevel}`, accessMode];
    this.#state = 'opening';
    this.#isHeld = false;
    this.#failure = undefined;
    this.#begun = this.#open(`begin ${options.filter(Boolean).join(' ')}${this.#inTransactions}`);
    // Whatever comes next meets it.
    this.#begun.catch(() => {});
  }

  async #open(statement: string): Promise<void> {
    try {
      await this.session.run((client) => client.unsafe(statement));
    } catch (error) {
      this.session.lose(error);
      throw error;
    }
    if (this.#state === 'opening') this.#state = 'open';
  }

  async commit(): Promise<void> {
    await this.#begun;
    // PostgreSQL would roll back, and call that no error.
    if (this.#failure) throw this.#failure.error;
    await this.#end('commit');
  }

  async rollback(): Promise<void> {
    // Kysely rolls back after a commit that failed, too, which PostgreSQL has rolled back itself.
    if (this.#state === 'none') return;
    // What cannot be rolled back in order, PostgreSQL rolls back with its connection.
    await this.#end('rollback').catch((error: unknown) => this.session.lose(error));
  }

  async #end(statement: 'commit' | 'rollback'): Promise<void> {
    this.#state = 'ending';
    try {
      await this.session.run((client) => client.unsafe(statement));
    } finally {
      this.#state = 'none';
    }
  }

  async executeQuery<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
    // It would run by itself.
    if (this.#state === 'ending') throw new TypeError('the transaction is over');
    if (this.#state === 'opening' && (this.#isHeld || !leavesNothing(sql))) {
      this.#isHeld = true;
      await this.#begun;
    }
    const isAlone = this.#state === 'none' && this.#inTransactions !== '';
    const rows = await (isAlone ? this.#sendAlone(sql, parameters) : this.#send(sql, parameters));
    await this.#begun;
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

  /** In a transaction of its own, which takes no further round trip. */
  async #sendAlone(sql: string, parameters: readonly unknown[]): Promise<RowList<Row[]>> {
    const simply = (statement: string) => this.session.run((client) => client.unsafe(statement));
    const [begun, answered, ended] = await Promise.allSettled([
      simply(`begin${this.#inTransactions}`),
      this.#send(sql, parameters),
      simply('commit'),
    ]);
    for (const one of [begun, answered, ended]) if (one.status === 'rejected') throw one.reason;
    if (answered.status === 'rejected') throw answered.reason;
    return answered.value;
  }

  async #send(sql: string, parameters: readonly unknown[]): Promise<RowList<Row[]>> {
    try {
      return await this.session.run((client) =>
        client.unsafe(sql, [...parameters] as never[], { prepare: true }),
      );
    } catch (error) {
      if (this.#state !== 'none') this.#failure ??= { error };
      throw error;
    }
  }
}

/** A read, or a lock, and no call of a function that may change something. */
const leavesNothing = (sql: string): boolean => /^\s*select\b(?!\s+\w+\()/i.test(sql);
