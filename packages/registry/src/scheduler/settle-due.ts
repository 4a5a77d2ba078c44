import { newId } from '@recourse/protocol';
import type { Deadlines } from '../kernel/bounds.ts';
import { retrying } from '../kernel/retry.ts';
import type { Services } from '../context/context.ts';
import type { Db } from '../kernel/database.ts';
import { Changes } from '../commit/changes.ts';
import type { TransitionContext } from '../records/transition-context.ts';
import type { DueKind } from './due-kind.ts';
import { dueKinds } from './due-kinds.ts';

export interface Settled {
  /** Steps written */
  readonly settled: number;
  /** What is still due: beyond the limit, in another server's hands, or failed */
  readonly remaining: number;
  /** Faults, each of one thing that stays as it was; the rest went on without it */
  readonly failures: readonly SettleFailure[];
}

export interface SettleFailure {
  /** A name of `dueKinds` */
  readonly kind: string;
  readonly id: string;
  readonly error: unknown;
}

/** How many are looked for at once. */
const batch = 64;

/**
 * Writes what time alone has done. Nothing depends on it being called, since every answer and
 * every mutation computes what is due; what it brings is that everybody is told in time.
 *
 * Each of what is due is a transaction of its own. One that somebody has locked is passed over: either it is
 * being settled, by a mutation or another server, or the next call finds it. A crash leaves whole steps only.
 */
export async function settleDue(
  services: Services,
  { limit = 1_000 }: { limit?: number } = {},
): Promise<Settled> {
  const run: Run = { services, limit, settled: 0, failures: [] };
  for (const [name, kind] of Object.entries(dueKinds)) await each(run, name, kind);
  const remaining = await countDueByKind(services.db, {
    now: services.clock(),
    deadlines: services.deadlines,
  });
  return {
    settled: run.settled,
    remaining: Object.values(remaining).reduce((sum, n) => sum + n, 0),
    failures: run.failures,
  };
}

/** What is due and not written, by the names of `dueKinds`. */
export async function countDueByKind(
  db: Db,
  of: { now: Date; deadlines: Deadlines },
): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const [name, kind] of Object.entries(dueKinds)) {
    counts[name] = await kind.count(db, of.now, of.deadlines);
  }
  return counts;
}

interface Run {
  readonly services: Services;
  readonly limit: number;
  settled: number;
  readonly failures: SettleFailure[];
}

/** Looks at each once in this run, so that one that fails keeps nobody waiting. */
async function each(run: Run, name: string, kind: DueKind): Promise<void> {
  const seen: string[] = [];
  while (run.settled < run.limit) {
    const { db, deadlines } = run.services;
    const now = run.services.clock();
    const limit = Math.min(batch, run.limit - run.settled);
    const found = await kind.find(db, { now, deadlines, limit, except: seen });
    if (found.length === 0) return;
    seen.push(...found);
    for (const id of found) {
      try {
        const of = { id, limit: run.limit - run.settled };
        run.settled += await inTransaction(run.services, (acting) => kind.settle(acting, of));
      } catch (error) {
        run.failures.push({ kind: name, id, error });
      }
    }
  }
}

/** Nobody calls: entries of a sanction are opened to its case, and to whom a pair names. */
const inTransaction = (
  services: Services,
  work: (acting: TransitionContext) => Promise<number>,
): Promise<number> =>
  retrying(() =>
    services.db.transaction().execute((db) => {
      const now = services.clock();
      const unique = (): string => newId('evd', { now, random: services.random });
      return work({ services, db, now, changes: new Changes({ caller: 'registry', now, unique }) });
    }),
  );
