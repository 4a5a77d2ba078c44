import type { Deadlines } from '@recourse/protocol/review';
import type { Services } from '../context/context.ts';
import type { Db } from '../kernel/database.ts';
import { onItsOwn } from '../records/on-its-own.ts';
import { dueKinds, timers } from './due-kinds.ts';
import { forgetFailures, readFailures, recordFailure, wholeKind } from './failure-store.ts';

export interface SettleResult {
  /** Steps written: while there are any, there may be more that is due */
  readonly settled: number;
  /** Faults, each of one thing that stays as it was; the rest went on without it */
  readonly failures: readonly SettleFailure[];
}

export interface SettleFailure {
  /** A name of `dueKinds` */
  readonly kind: string;
  /** `wholeKind` where nothing of the kind could be looked for */
  readonly id: string;
  readonly error: unknown;
}

interface PassOptions {
  /** Steps of one kind in one pass */
  readonly limit?: number;
  /** Ends the pass after the step in hand */
  readonly signal?: AbortSignal;
}

/** How many are looked for at once. */
const batch = 64;
const usualLimit = 1_000;

/**
 * One pass over each kind, one after the other. A server runs {@link settleKind} in a loop a kind instead.
 * @param of.timersOnly looks only at what somebody waits for: the `timers` of `dueKinds`
 */
export async function settleDue(
  services: Services,
  { timersOnly = false, ...of }: PassOptions & { timersOnly?: boolean } = {},
): Promise<SettleResult> {
  let settled = 0;
  const failures: SettleFailure[] = [];
  for (const kind of Object.keys(timersOnly ? timers : dueKinds)) {
    const one = await settleKind(services, { ...of, kind });
    settled += one.settled;
    failures.push(...one.failures);
  }
  return { settled, failures };
}

/**
 * One pass over one kind: writes what time alone has done. Nothing depends on it being called, since every answer and
 * every mutation computes what is due; what it brings is that everybody is told in time.
 *
 * Each of what is due is a transaction of its own. One that somebody has locked is passed over: either it is
 * being settled, by a mutation or another server, or the next pass finds it. One that fails is passed over until it is
 * tried again, later and later. A crash leaves whole steps only. It throws nothing, so that a kind that fails harms
 * itself alone.
 * @param of.kind a name of `dueKinds`
 */
export async function settleKind(
  services: Services,
  { kind, limit = usualLimit, signal }: PassOptions & { kind: string },
): Promise<SettleResult> {
  const run: Run = { services, kind, limit, signal, settled: 0, failures: [] };
  try {
    await each(run);
  } catch (error) {
    // While the database is away nothing is recorded, and the caller still hears of it.
    await failed(run, { id: wholeKind, error }).catch(() => undefined);
  }
  return { settled: run.settled, failures: run.failures };
}

/**
 * Counts what is due and not written, by the names of `dueKinds`.
 * @param query.passOver leaves out kinds that cannot be counted, which would otherwise hide the others
 */
export async function countDueByKind(
  db: Db,
  query: { now: Date; deadlines: Deadlines; timersOnly?: boolean; passOver?: boolean },
): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const [name, kind] of Object.entries(query.timersOnly ? timers : dueKinds)) {
    try {
      counts[name] = await kind.count(db, query.now, query.deadlines);
    } catch (error) {
      if (!query.passOver) throw error;
    }
  }
  return counts;
}

interface Run {
  readonly services: Services;
  readonly kind: string;
  readonly limit: number;
  readonly signal: AbortSignal | undefined;
  settled: number;
  readonly failures: SettleFailure[];
}

/** Looks at each once in this pass, so that one that fails keeps nobody waiting. */
async function each(run: Run): Promise<void> {
  const { kind, signal } = run;
  const { db, deadlines, clock } = run.services;
  const begun = clock();
  const failing = await readFailures(db, kind);
  const seen = failing.filter(({ retry_at: at }) => at > begun).map(({ id }) => id);
  const mayForget = failing.some(({ id, retry_at: at }) => id === wholeKind || at <= begun);
  const isOver = (): boolean =>
    run.settled >= run.limit || signal?.aborted === true || run.services.ledger.fault !== undefined;
  while (!isOver()) {
    const limit = Math.min(batch, run.limit - run.settled);
    const found = await dueKinds[kind]!.find(db, { now: clock(), deadlines, limit, except: seen });
    if (found.length === 0) {
      if (mayForget) await forgetFailures(db, { kind, now: begun });
      return;
    }
    seen.push(...found);
    for (const id of found) {
      if (signal?.aborted) return;
      await one(run, id);
    }
  }
}

async function one(run: Run, id: string): Promise<void> {
  // Of an old copy of the database nobody knows which deadlines were met, nor is anything written into it.
  if (run.services.ledger.fault) return;
  const of = { id, limit: run.limit - run.settled };
  try {
    run.settled += await onItsOwn(run.services, (ctx) => dueKinds[run.kind]!.settle(ctx, of));
  } catch (error) {
    await failed(run, { id, error });
  }
}

async function failed(run: Run, failure: { id: string; error: unknown }): Promise<void> {
  const { kind, services } = run;
  run.failures.push({ kind, ...failure });
  if (!services.ledger.fault)
    await recordFailure(services.db, { kind, ...failure, now: services.clock() });
}
