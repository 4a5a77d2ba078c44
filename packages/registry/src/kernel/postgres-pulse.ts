import postgres from 'postgres';
import type { Hosts } from './postgres-hosts.ts';
import type { Session, SessionOptions } from './postgres-session.ts';

export interface PulseOptions {
  /** Connections that work, at each look */
  readonly sessions: Iterable<Session>;
  readonly hosts: Hosts;
  readonly look: SessionOptions;
  /** The processes of its sessions are the pooler's: only whether anything answers can be asked */
  readonly isPooled: boolean;
  readonly longestMs: number | undefined;
  /** Told when some were lost: others on the same line are likely to be dead, too */
  readonly onLoss: () => void;
}

interface WatchedSession {
  readonly mark: number;
  readonly since: number;
  /** When PostgreSQL is asked about it */
  askAt: number;
  /** How often in a row PostgreSQL did not work for it */
  misses: number;
}

const everyMs = 500;
/** Longer than nearly every statement takes, so that PostgreSQL is hardly ever asked. */
const quietMs = 2_000;
const answerMs = 3_000;
/** PostgreSQL may have finished just now, with its answer on the way. */
const enoughMisses = 2;

/**
 * Tells a connection that is dead from a statement that is slow: over both, nothing comes. A line that was cut without a
 * word would be noticed after a quarter of an hour by TCP. So what was quiet for two seconds is asked about over another
 * connection: when PostgreSQL does not work for it, or does not answer at all, it is lost.
 */
export class Pulse {
  readonly #options: PulseOptions;
  readonly #watched = new WeakMap<Session, WatchedSession>();
  readonly #timer: NodeJS.Timeout;
  #isLooking = false;

  constructor(options: PulseOptions) {
    this.#options = options;
    this.#timer = setInterval(() => void this.#look(), everyMs).unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  async #look(): Promise<void> {
    const quiet = [...this.#options.sessions].filter((session) => this.#isQuiet(session));
    if (quiet.length === 0 || this.#isLooking) return;
    this.#isLooking = true;
    try {
      const working = await this.#workingFor(quiet);
      for (const session of quiet) this.#judge(session, working);
      if (quiet.some(({ isLost }) => isLost)) this.#options.onLoss();
    } finally {
      this.#isLooking = false;
    }
  }

  #isQuiet(session: Session): boolean {
    if (!session.isBusy) return false;
    const { mark } = session;
    const now = performance.now();
    const watched = this.#watched.get(session);
    if (watched?.mark === mark) return now >= watched.askAt;
    this.#watched.set(session, { mark, since: now, askAt: now + quietMs, misses: 0 });
    return false;
  }

  #judge(session: Session, working: BusyProcesses): void {
    const watched = this.#watched.get(session);
    if (!session.isBusy || watched?.mark !== session.mark) return;
    const now = performance.now();
    const isTooLong = now - watched.since > (this.#options.longestMs ?? Infinity);
    if (working === 'silent' || isTooLong) return session.lose(undefined);
    if (working === 'unknown' || working.has(session.pid)) {
      watched.misses = 0;
      watched.askAt = now + quietMs;
    } else if (++watched.misses >= enoughMisses) session.lose(undefined);
  }

  async #workingFor(quiet: readonly Session[]): Promise<BusyProcesses> {
    const pids = quiet.map(({ pid }) => pid);
    let session: Session | undefined;
    try {
      session = await this.#options.hosts.open(this.#options.look);
      if (this.#options.isPooled) return 'unknown';
      const rows = await session.runWithin(
        answerMs,
        // A state that it does not show (null, or `disabled`) is no sign of death.
        (client) => client<{ pid: number }[]>`
          select pid from pg_stat_activity
          where pid in ${client(pids)} and (state is null or state not like 'idle%')`,
      );
      return new Set(rows.map(({ pid }) => pid));
    } catch (error) {
      // One that refuses, with too many connections for example, is there.
      return error instanceof postgres.PostgresError ? 'unknown' : 'silent';
    } finally {
      await session?.close();
    }
  }
}

/** Processes of PostgreSQL with a statement under way; or that it did not answer, or would not say */
type BusyProcesses = ReadonlySet<number> | 'silent' | 'unknown';
