import { sql } from 'kysely';
import type { Db } from '@recourse/registry';
import type { Log } from './log.ts';
import { sayOnTurn } from './say-on-turn.ts';

/** A call is signed for minutes, and a hold is counted in hours: two seconds harm nobody yet. */
export const mostClockOffMs = 2_000;

/** How far a clock is from that of PostgreSQL, less the time on the way: within that nobody knows. */
export async function clockOffMs(db: Db, wallClock: () => number): Promise<number> {
  const asked = wallClock();
  const { rows } = await sql<{ now: Date }>`select clock_timestamp() as now`.execute(db);
  const onTheWay = (wallClock() - asked) / 2;
  const off = (rows[0]?.now.getTime() ?? Number.NaN) - asked - onTheWay;
  return Math.max(0, Math.abs(off) - onTheWay);
}

interface RightClockOptions {
  readonly db: Db;
  /** Of this process, whatever the clock of a sandbox says */
  readonly wallClock: () => number;
  readonly log: Log;
}

/**
 * Whether deadlines may be written down by the clock of this server. One that has jumped would end records, call platforms
 * late and erase cases, and nothing brings these back.
 */
export class RightClock {
  readonly #options: RightClockOptions;
  readonly #say: ReturnType<typeof sayOnTurn>;

  constructor(options: RightClockOptions) {
    this.#options = options;
    this.#say = sayOnTurn(options.log, again);
  }

  async isRight(): Promise<boolean> {
    const { db, wallClock } = this.#options;
    const isRight = (await clockOffMs(db, wallClock)) <= mostClockOffMs;
    this.#say(isRight ? undefined : [wrong]);
    return isRight;
  }
}

const wrong =
  'CLOCK: the clocks of this server and of PostgreSQL differ by more than two seconds. It writes down no deadlines until they agree: set both by NTP.';
const again = 'CLOCK: the clocks of this server and of PostgreSQL agree again.';
