import type { Db, LedgerGuard } from '@recourse/registry';
import { timeOf } from './postgres-store.ts';
import { Remembered } from './remembered.ts';
import type { Log } from './log.ts';
import { sayOnTurn } from './say-on-turn.ts';

/** A call is signed for minutes, and a hold is counted in hours: two seconds harm nobody yet. */
export const mostClockOffMs = 2_000;

export interface ClockMeasurement {
  /** How far a clock is from that of PostgreSQL, less the time on the way: within that nobody knows */
  readonly clockOffMs: number;
  /** By a clock of this process that only grows, in milliseconds */
  readonly begunAt: number;
}

/** Compares a clock with that of PostgreSQL. */
export async function measureClock(db: Db, wallClock: () => number): Promise<ClockMeasurement> {
  const begunAt = performance.now();
  const asked = wallClock();
  const now = await timeOf(db);
  const onTheWay = (wallClock() - asked) / 2;
  const off = (now?.getTime() ?? Number.NaN) - asked - onTheWay;
  return { clockOffMs: Math.max(0, Math.abs(off) - onTheWay), begunAt };
}

interface RightClockOptions {
  readonly db: Db;
  /** Of this process, whatever the clock of a sandbox says */
  readonly wallClock: () => number;
  readonly log: Log;
  /** Told what was found out: it takes no call by a wrong clock */
  readonly ledger: Pick<LedgerGuard, 'clockIs'>;
}

/**
 * Whether the clock of this server may judge times. One that has jumped would refuse calls that came in time, end records,
 * call platforms late and erase cases, and nothing brings these back.
 */
export class RightClock {
  readonly #options: RightClockOptions;
  readonly #say: ReturnType<typeof sayOnTurn>;
  #isRight = true;
  #newest = -Infinity;

  constructor(options: RightClockOptions) {
    this.#options = options;
    this.#say = sayOnTurn(options.log, { over: again, level: 'warn' });
  }

  async isRight(): Promise<boolean> {
    const { db, wallClock } = this.#options;
    return this.note(await measureClock(db, wallClock));
  }

  /**
   * Takes a measurement, also of somebody else. One that began before the newest changes nothing, since its database may
   * have hung for long. @returns whether the clock is right, by the newest
   */
  note({ clockOffMs, begunAt }: ClockMeasurement): boolean {
    if (begunAt < this.#newest) return this.#isRight;
    this.#newest = begunAt;
    this.#isRight = clockOffMs <= mostClockOffMs;
    this.#options.ledger.clockIs(this.#isRight);
    this.#say(this.#isRight ? undefined : [wrong]);
    return this.#isRight;
  }
}

/** The clock of a server, which judges by it from now on. */
export function openRightClock(
  { db, ledger }: { db: Db; ledger: LedgerGuard },
  log: Log,
): RightClock {
  const clock = new RightClock({ db, wallClock: Date.now, log, ledger });
  // One question at a time, for all who were refused meanwhile.
  const asked = new Remembered(() => clock.isRight(), { forMs: 0 });
  ledger.compareClocks(() => asked.get().catch(() => false));
  return clock;
}

const wrong =
  'CLOCK: the clocks of this server and of PostgreSQL differ by more than two seconds. Until they agree it answers signed calls and changes by creators with 503, and writes down no deadlines: set both by NTP.';
const again = 'CLOCK: the clocks of this server and of PostgreSQL agree again.';
