import {
  CompiledQuery,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type DatabaseConnection,
  type QueryResult,
} from 'kysely';
import { connect, type Database, type Db } from '@recourse/registry';

/**
 * One session with one outer transaction that never commits. What the registry begins and commits in it are savepoints,
 * so a branch costs less than a millisecond, and the next history begins at the same database.
 */
export interface BranchingSession {
  /** What a registry works on */
  readonly db: Db;
  /** Runs something, and goes back to where it began, whatever it changed. */
  branch<T>(run: () => Promise<T>): Promise<T>;
  /** Runs something, and goes back to where it began only where it says so. */
  unless<T extends { readonly isTakenBack: boolean }>(run: () => Promise<T>): Promise<T>;
  /** Forgets everything since the session was opened. */
  reset(): Promise<void>;
  close(): Promise<void>;
}

/** The settings that a connection of a server has, without its timeouts: a branch waits for others. */
const settings = [
  'set role recourse_service',
  'set jit = off',
  'set enable_seqscan = off',
  'set plan_cache_mode = force_generic_plan',
];

export async function openBranchingSession(url: string): Promise<BranchingSession> {
  const lower = connect({ url, connections: 1 });
  const held = Promise.withResolvers<void>();
  const given = Promise.withResolvers<DatabaseConnection>();
  const holding = lower.getExecutor().provideConnection(async (connection) => {
    given.resolve(connection);
    await held.promise;
  });
  holding.catch(given.reject);
  const line = new Line(await given.promise);
  for (const one of settings) await line.say(one);
  await line.say('begin');
  const db = new Kysely<Database>({ dialect: dialectOn(line) });
  let depth = 0;
  return {
    db,
    branch: async (run) => {
      const name = `branch_${depth++}`;
      line.tell(`savepoint ${name}`);
      try {
        return await run();
      } finally {
        depth--;
        line.tell(`rollback to savepoint ${name}`, `release savepoint ${name}`);
      }
    },
    unless: async (run) => {
      const name = `branch_${depth++}`;
      line.tell(`savepoint ${name}`);
      const result = await run();
      depth--;
      if (result.isTakenBack) line.tell(`rollback to savepoint ${name}`);
      line.tell(`release savepoint ${name}`);
      return result;
    },
    reset: async () => {
      await line.say('rollback');
      await line.say('begin');
    },
    close: async () => {
      await line.say('rollback');
      held.resolve();
      await holding;
      await lower.destroy();
    },
  };
}

/** The one connection: work takes turns on it. */
class Line {
  readonly #connection: DatabaseConnection;
  #last: Promise<void> = Promise.resolve();
  /** Of a savepoint: after it nothing can be taken back any more */
  #fault: { readonly error: unknown } | undefined;

  constructor(connection: DatabaseConnection) {
    this.#connection = connection;
  }

  /** @returns what gives the turn to the next */
  async turn(): Promise<() => void> {
    const before = this.#last;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#last = promise;
    await before;
    return resolve;
  }

  /** Statements in one round trip. @throws the fault of the first that failed */
  async say(...statements: readonly string[]): Promise<void> {
    await Promise.all(statements.map((one) => this.send(CompiledQuery.raw(one))));
  }

  /** As `say`, without waiting: what is sent next stands behind it, and meets its fault. */
  tell(...statements: readonly string[]): void {
    this.say(...statements).catch((error: unknown) => (this.#fault ??= { error }));
  }

  async send<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    const result = await this.#connection.executeQuery<R>(query);
    if (this.#fault) throw this.#fault.error;
    return result;
  }
}

const dialectOn = (line: Line) => ({
  createAdapter: () => new PostgresAdapter(),
  createQueryCompiler: () => new PostgresQueryCompiler(),
  createIntrospector: (db: Kysely<unknown>) => new PostgresIntrospector(db),
  createDriver: () => ({
    init: async () => {},
    destroy: async () => {},
    acquireConnection: async () => new Turn(line, await line.turn()),
    releaseConnection: async (turn: DatabaseConnection) => (turn as Turn).end(),
    beginTransaction: async (turn: DatabaseConnection) => (turn as Turn).begin(),
    commitTransaction: (turn: DatabaseConnection) => (turn as Turn).commit(),
    rollbackTransaction: async (turn: DatabaseConnection) => (turn as Turn).rollback(),
  }),
});

/** What is deferred to a commit is checked here, as a commit would. */
const committing = [
  'set constraints all immediate',
  'set constraints all deferred',
  'release savepoint act',
];

/** One unit of work of the registry: its transaction is a savepoint. */
class Turn implements DatabaseConnection {
  readonly #line: Line;
  readonly end: () => void;
  #isInside = false;

  constructor(line: Line, end: () => void) {
    this.#line = line;
    this.end = end;
  }

  begin(): void {
    this.#line.tell('savepoint act');
    this.#isInside = true;
  }

  async commit(): Promise<void> {
    await this.#line.say(...committing);
    this.#isInside = false;
  }

  rollback(): void {
    if (!this.#isInside) return;
    this.#isInside = false;
    this.#line.tell('rollback to savepoint act', 'release savepoint act');
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    if (this.#isInside || /^\s*select\b/i.test(query.sql)) return this.#line.send<R>(query);
    // Alone, it would spoil the outer transaction by failing.
    this.begin();
    try {
      const [result] = await Promise.all([this.#line.send<R>(query), this.commit()]);
      return result;
    } catch (error) {
      this.rollback();
      throw error;
    }
  }

  // oxlint-disable-next-line require-yield
  async *streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new TypeError('nothing here is read as a stream');
  }
}
