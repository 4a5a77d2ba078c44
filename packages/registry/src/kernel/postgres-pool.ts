import { Pulse } from './postgres-pulse.ts';
import type { HostFigures, Hosts } from './postgres-hosts.ts';
import { ConnectionError, type Session, type SessionOptions } from './postgres-session.ts';

export interface PoolOptions {
  /** Connections at once, those of the pulse aside */
  readonly size: number;
  readonly hosts: Hosts;
  readonly work: SessionOptions;
  /** How the pulse logs in to look after the others */
  readonly look: SessionOptions;
  /** Milliseconds after which PostgreSQL has ended a statement, if it ends them */
  readonly longestMs: number | undefined;
  /** Behind a pooler of transactions */
  readonly isPooled: boolean;
  /** Statements that come behind each `begin` there, and a `begin` before whatever has none */
  readonly inTransactions: string;
}

export interface PoolFigures {
  readonly size: number;
  readonly inUse: number;
  readonly idle: number;
  /** Work that waits for a connection */
  readonly waiting: number;
}

interface PoolWaiter {
  readonly enter: () => void;
  readonly refuse: (error: ConnectionError) => void;
  readonly timer: NodeJS.Timeout;
}

const waitMs = 10_000;
/** PostgreSQL and postgres.js remember each statement for as long as a connection lives. */
const lifetimeMs = 30 * 60_000;

/** Connections, each for one work at a time. What finds none free waits, in the order of arrival and not for ever. */
export class Pool {
  readonly #options: PoolOptions;
  readonly #idle: Session[] = [];
  readonly #inUse = new Set<Session>();
  readonly #queue: PoolWaiter[] = [];
  readonly #pulse: Pulse;
  #taken = 0;
  #drained: (() => void) | undefined;
  #isEnded = false;

  constructor(options: PoolOptions) {
    this.#options = options;
    const onLoss = (): void => void this.#closeIdle();
    this.#pulse = new Pulse({ ...options, sessions: this.#inUse, onLoss });
  }

  get inTransactions(): string {
    return this.#options.inTransactions;
  }

  get hosts(): HostFigures {
    return this.#options.hosts.figures;
  }

  get figures(): PoolFigures {
    return {
      size: this.#options.size,
      inUse: this.#inUse.size,
      idle: this.#idle.length,
      waiting: this.#queue.length,
    };
  }

  /** @throws ConnectionError, or the error of PostgreSQL that refuses the login */
  async acquire(): Promise<Session> {
    await this.#enter();
    try {
      const session = this.#takeIdle() ?? (await this.#options.hosts.open(this.#options.work));
      this.#inUse.add(session);
      return session;
    } catch (error) {
      this.#leave();
      throw error;
    }
  }

  release(session: Session): void {
    this.#inUse.delete(session);
    // The next work may write, on a database that lets new connections write again.
    if (session.isReadOnly) void session.close();
    else if (!session.isLost) this.#idle.push(session);
    this.#leave();
  }

  /** Waits for what is under way, refuses what waits. */
  async end(): Promise<void> {
    this.#isEnded = true;
    for (const { refuse, timer } of this.#queue.splice(0)) {
      clearTimeout(timer);
      refuse(new ConnectionError('CONNECTION_ENDED'));
    }
    if (this.#taken > 0) await new Promise<void>((resolve) => (this.#drained = resolve));
    this.#pulse.stop();
    await this.#closeIdle();
  }

  async #closeIdle(): Promise<void> {
    await Promise.all(this.#idle.splice(0).map((session) => session.close()));
  }

  #takeIdle(): Session | undefined {
    for (let session = this.#idle.pop(); session; session = this.#idle.pop()) {
      if (session.isLost) continue;
      if (performance.now() - session.openedAt < lifetimeMs) return session;
      void session.close();
    }
    return undefined;
  }

  #enter(): Promise<void> | void {
    if (this.#isEnded) throw new ConnectionError('CONNECTION_ENDED');
    if (this.#taken < this.#options.size) {
      this.#taken++;
      return;
    }
    return new Promise((enter, refuse) => {
      const timer = setTimeout(() => {
        this.#queue.splice(this.#queue.indexOf(waiting), 1);
        refuse(new ConnectionError('53300'));
      }, waitMs);
      const waiting: PoolWaiter = { enter, refuse, timer };
      this.#queue.push(waiting);
    });
  }

  /** Whoever waits first takes the place that is left, which therefore stays counted. */
  #leave(): void {
    const next = this.#queue.shift();
    if (next) {
      clearTimeout(next.timer);
      return next.enter();
    }
    this.#taken--;
    if (this.#taken === 0) this.#drained?.();
  }
}
