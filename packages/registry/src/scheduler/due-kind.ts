import type { Deadlines } from '@recourse/protocol/review';
import type { Db } from '../kernel/database.ts';
import type { TransitionContext } from '../records/transition-context.ts';

/** One thing that time alone brings about, and that has to be written down. */
export interface DueKind {
  /** Ids of what is due, due the longest first, but for some */
  readonly find: (
    db: Db,
    of: { now: Date; deadlines: Deadlines; limit: number; except: readonly string[] },
  ) => Promise<readonly string[]>;
  /**
   * Writes what is due of one, in the transaction of `ctx`, which writes the entries.
   * @returns how many steps were taken; 0 when somebody else took them or has it locked
   */
  readonly settle: (ctx: TransitionContext, of: { id: string; limit: number }) => Promise<number>;
  readonly count: (db: Db, now: Date, deadlines: Deadlines) => Promise<number>;
}
