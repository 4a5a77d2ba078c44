import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import type { Db } from './database.ts';

/** A session that keeps another from a lock. */
export interface LockHolder {
  /** 0 for a prepared transaction, which no session has */
  readonly pid: number;
  readonly application: string;
  /** Milliseconds since its transaction began, where PostgreSQL tells us; otherwise since it was first seen here */
  readonly forMs: number;
}

const lookEveryMs = 100;

/** Looks who keeps one session from a lock, for as long as that waits: a moment later nobody knows any more. */
export class LockWatch {
  readonly #db: Db;
  readonly #firstSeen = new Map<number, number>();
  #isOver = true;
  #looking: Promise<void> = Promise.resolve();
  #holders: readonly LockHolder[] = [];

  /** @param db another connection than the one that waits, of a role that may read pg_stat_activity as far as it goes */
  constructor(db: Db) {
    this.#db = db;
  }

  start(pid: number): void {
    this.#holders = [];
    this.#isOver = false;
    this.#looking = this.#look(pid);
  }

  /** @returns who held it when that was looked at last */
  async stop(): Promise<readonly LockHolder[]> {
    this.#isOver = true;
    await this.#looking;
    return this.#holders;
  }

  async #look(pid: number): Promise<void> {
    while (!this.#isOver) {
      const seen = await this.#blockersOf(pid).catch(() => []);
      // None any more: those that were seen last are who held it.
      if (seen.length > 0) this.#holders = seen;
      await sleep(lookEveryMs);
    }
  }

  async #blockersOf(waiting: number): Promise<LockHolder[]> {
    const { rows } = await sql<{ pid: number; application: string | null; forMs: number | null }>`
      select blocking.pid, application_name as application,
        (extract(epoch from clock_timestamp() - xact_start) * 1000)::float8 as "forMs"
      from (select distinct unnest(pg_blocking_pids(${waiting}::int)) as pid) as blocking
        left join pg_stat_activity as activity on activity.pid = blocking.pid`.execute(this.#db);
    const now = performance.now();
    return rows.map(({ pid, application, forMs }) => {
      const since = this.#firstSeen.get(pid) ?? now;
      this.#firstSeen.set(pid, since);
      return { pid, application: application ?? '', forMs: forMs ?? now - since };
    });
  }
}
