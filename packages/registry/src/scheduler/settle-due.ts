import type { Deadlines } from '../kernel/bounds.ts';
import type { Services } from '../context/context.ts';
import type { Db } from '../kernel/database.ts';
import { onItsOwn } from '../records/on-its-own.ts';
import type { DueKind } from './due-kind.ts';
import { dueKinds, timers } from './due-kinds.ts';
import { forgetFailures, readFailures, recordFailure, type DueFailure } from './failure-store.ts';

export interface SettleResult {
  /** Steps written: while there are any, there may be more that is due */
  readonly settled: number;
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
 * being settled, by a mutation or another server, or the next call finds it. One that fails is passed over until it is
 * tried again, later and later. A crash leaves whole steps only.
 * @param of.timersOnly looks only at what somebody waits for: the `timers` of `dueKinds`
 */
export async function settleDue(
  services: Services,
  { limit = 1_000, timersOnly = false }: { limit?: number; timersOnly?: boolean } = {},
): Promise<SettleResult> {
  const failing = await readFailures(services.db);
  const run: Run = { services, limit, settled: 0, failures: [] };
  for (const [name, kind] of Object.entries(timersOnly ? timers : dueKinds)) {
    await each(run, {
      name,
      kind,
      failing: failing.filter((one) => one.kind === name),
    });
  }
  return { settled: run.settled, failures: run.failures };
}

/** What is due and not written, by the names of `dueKinds`. */
export async function countDueByKind(
  db: Db,
  of: { now: Date; deadlines: Deadlines; timersOnly?: boolean },
): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const [name, kind] of Object.entries(of.timersOnly ? timers : dueKinds)) {
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

interface NamedKind {
  readonly name: string;
  readonly kind: DueKind;
  readonly failing: readonly DueFailure[];
}

/** Looks at each once in this run, so that one that fails keeps nobody waiting. */
async function each(run: Run, { name, kind, failing }: NamedKind): Promise<void> {
  const { db, deadlines, clock } = run.services;
  const begun = clock();
  const seen = failing.filter(({ retry_at: at }) => at > begun).map(({ id }) => id);
  const waiting = seen.length;
  while (run.settled < run.limit) {
    const limit = Math.min(batch, run.limit - run.settled);
    const found = await kind.find(db, { now: clock(), deadlines, limit, except: seen });
    if (found.length === 0) {
      if (failing.length > waiting) await forgetFailures(db, { kind: name, now: begun });
      return;
    }
    seen.push(...found);
    for (const id of found) await one(run, { name, kind, id });
  }
}

async function one(
  run: Run,
  { name, kind, id }: Pick<NamedKind, 'name' | 'kind'> & { id: string },
): Promise<void> {
  const of = { id, limit: run.limit - run.settled };
  try {
    run.settled += await onItsOwn(run.services, (ctx) => kind.settle(ctx, of));
  } catch (error) {
    run.failures.push({ kind: name, id, error });
    const { db, clock } = run.services;
    await recordFailure(db, { kind: name, id, error, now: clock() });
  }
}
