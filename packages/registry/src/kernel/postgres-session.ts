import { createConnection, type Socket } from 'node:net';
import postgres, { type Options, type PostgresType, type Sql } from 'postgres';
import type { PostgresAddress } from './postgres-address.ts';

export type SessionOptions = Options<Record<string, PostgresType>>;

export interface SessionSettings {
  readonly place: PostgresAddress;
  readonly options: SessionOptions;
  /** One that PostgreSQL lets read alone is refused */
  readonly mustWrite: boolean;
  /** Milliseconds in which it is there, with its login, or is given up */
  readonly withinMs: number;
}

/** PostgreSQL could not be asked; what became of a change that was under way is unknown. */
export class ConnectionError extends Error {
  override readonly name = 'ConnectionError';
  /** As `commit/answer.ts` reads it: a connection that is gone, or 53300, SQLSTATE of too many connections */
  readonly code:
    | 'CONNECTION_LOST'
    | 'CONNECTION_ENDED'
    | '53300'
    /** It is a connection to a standby, where writes were asked for */
    | 'CONNECTION_READ_ONLY'
    /** It does not act as the role it was opened with: a pooler has dropped that */
    | 'CONNECTION_ROLE';

  constructor(code: ConnectionError['code'], options?: ErrorOptions) {
    super('PostgreSQL could not be asked', options);
    this.code = code;
  }
}

/**
 * One connection, opened once and never again. A client of postgres.js opens a connection that closed anew, with
 * what the last one left: a write that waited is never sent, and a statement is answered with nothing, or not at
 * all. So each connection has a client to itself, and after anything but an answer or an error of PostgreSQL it
 * is lost: whatever waits for it is refused, and nothing is sent on it. So is one that PostgreSQL lets read alone.
 */
export class Session {
  readonly openedAt = performance.now();
  readonly #client: Sql;
  readonly #waiting = new Set<(lost: ConnectionError) => void>();
  #socket: Socket | undefined;
  #lost: ConnectionError | undefined;
  #pid = 0;
  #isReadOnly = false;
  #sent = 0;

  /** @throws ConnectionError, or the error of PostgreSQL that refuses the login */
  static async open(settings: SessionSettings): Promise<Session> {
    const session = new Session(settings);
    try {
      const [row] = await session.runWithin(
        settings.withinMs,
        (client) => client<
          [OpenedSession]
        >`select pg_backend_pid() as pid, current_user as "actsAs",
          current_setting('transaction_read_only') = 'on' as "isReadOnly"`,
      );
      session.#pid = row.pid;
      session.#isReadOnly = row.isReadOnly;
      if (settings.mustWrite && row.isReadOnly) throw new ConnectionError('CONNECTION_READ_ONLY');
      const role = settings.options.connection?.['role'] ?? row.actsAs;
      if (row.actsAs !== role) throw new ConnectionError('CONNECTION_ROLE');
      return session;
    } catch (error) {
      session.lose(error);
      throw error;
    }
  }

  private constructor({ place, options }: SessionSettings) {
    const once = {
      max: 1,
      // How long it lives is for the pool to say, which knows whether it is in use.
      max_lifetime: null,
      // Asked for on each new connection, and when that is lost meanwhile an unhandled rejection ends the process.
      fetch_types: false,
      socket: (to: Address) => this.#dial(to),
      onclose: () => this.lose(undefined),
    };
    this.#client = postgres(place.url, { ...options, ...place.options, ...once });
  }

  /** The process of PostgreSQL at the other end */
  get pid(): number {
    return this.#pid;
  }

  /** It stays so, although a new connection may be allowed to write by now. */
  get isReadOnly(): boolean {
    return this.#isReadOnly;
  }

  get isLost(): boolean {
    return this.#lost !== undefined;
  }

  /** True while something waits for its answer. */
  get isBusy(): boolean {
    return this.#waiting.size > 0;
  }

  /** Another number whenever something was sent or arrived. */
  get mark(): number {
    return this.#sent + (this.#socket?.bytesRead ?? 0);
  }

  /** Settles with the work, or as soon as the connection is lost. @throws ConnectionError or what the work throws */
  run<T>(work: (client: Sql) => PromiseLike<T>): Promise<T> {
    return new Promise((resolve, refuse) => {
      if (this.#lost) return refuse(this.#lost);
      this.#sent++;
      this.#waiting.add(refuse);
      return void this.#settle(work, { resolve, refuse });
    });
  }

  async #settle<T>(
    work: (client: Sql) => PromiseLike<T>,
    { resolve, refuse }: { resolve: (value: T) => void; refuse: (error: unknown) => void },
  ): Promise<void> {
    try {
      resolve(await work(this.#client));
      this.#waiting.delete(refuse);
    } catch (error) {
      // It hears what happened; whatever waits beside it hears that the connection is lost.
      this.#waiting.delete(refuse);
      if (!(error instanceof postgres.PostgresError) || isRefusedWrite(error)) this.lose(error);
      refuse(isOfConnection(error) ? this.#lost : error);
    }
  }

  /** As `run`; a connection that has not answered in this time is lost. */
  async runWithin<T>(ms: number, work: (client: Sql) => PromiseLike<T>): Promise<T> {
    const timer = setTimeout(() => this.lose(undefined), ms);
    try {
      return await this.run(work);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Gives the connection up: PostgreSQL rolls back what was open in it. */
  lose(cause: unknown): void {
    if (this.#lost) return;
    this.#lost = new ConnectionError('CONNECTION_LOST', { cause });
    for (const refuse of this.#waiting) refuse(this.#lost);
    this.#waiting.clear();
    this.#socket?.destroy();
  }

  /** Ends it in order. */
  async close(): Promise<void> {
    this.#lost ??= new ConnectionError('CONNECTION_ENDED');
    await this.#client.end({ timeout: 1 });
    this.#socket?.destroy();
  }

  async #dial({ host, port, path }: Address): Promise<Socket> {
    if (this.#socket || this.#lost) throw new ConnectionError('CONNECTION_LOST');
    const socket = path ? createConnection(path) : createConnection(port[0]!, host[0]);
    this.#socket = socket;
    await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject));
    // As postgres.js does with its own: the name that the certificate of the server is for.
    return Object.assign(socket, { host: host[0] });
  }
}

interface OpenedSession {
  readonly pid: number;
  readonly actsAs: string;
  readonly isReadOnly: boolean;
}

/** The addresses that postgres.js read from the URL. */
interface Address {
  readonly host: readonly string[];
  readonly port: readonly number[];
  readonly path: string | false;
}

/** SQLSTATE 25006, read_only_sql_transaction. A session keeps that state, and a new one may not have it. */
const isRefusedWrite = (error: InstanceType<typeof postgres.PostgresError>): boolean =>
  error.code === '25006';

/**
 * True of an error of the system, of TLS, or of postgres.js about its connection; not, say, of a value that cannot be
 * read.
 */
export function isOfConnection(error: unknown): boolean {
  if (!(error instanceof Error) || error instanceof postgres.PostgresError) return false;
  const code = 'code' in error ? String(error.code) : '';
  // Node itself says EPIPE, without errno, of what is written after the last word of the other side.
  return 'errno' in error || /^(EPIPE|CONNECT|ERR_(SSL|STREAM|SOCKET|TLS))/.test(code);
}
