import { newId } from '@recourse/protocol';
import { retrying } from '../audit/retry.ts';
import type { Services } from '../context.ts';
import { Changes } from '../ledger/changes.ts';
import type { Acting } from '../sanctions/transition.ts';
import type { DueKind } from './due-kind.ts';
import { dueKinds } from './due-kinds.ts';

export interface Settled {
  /** Steps written */
  readonly settled: number;
  /** What is still due: beyond the limit, in another server's hands, or failed */
  readonly remaining: number;
  /** Faults, each of one thing that stays as it was; the rest went on without it */
  readonly failures: readonly unknown[];
}

/** How many are looked for at once. */
const batch = 64;

/**
 * The alarm clock: writes what time alone has done. Nothing depends on it being rung, since every answer and
 * every mutation computes what is due; what it brings is that everybody is told in time.
 *
 * Each of what is due is a transaction of its own. One that somebody has locked is passed over: either it is
 * being settled, by a mutation or another server, or the next ring finds it. A crash leaves whole steps only.
 */
export async function settleDue(
  services: Services,
  { limit = 1_000 }: { limit?: number } = {},
): Promise<Settled> {
  const run: Run = { services, limit, settled: 0, failures: [] };
  for (const kind of dueKinds) await each(run, kind);
  let remaining = 0;
  for (const kind of dueKinds) remaining += await kind.count(services.db, services.clock());
  return { settled: run.settled, remaining, failures: run.failures };
}

interface Run {
  readonly services: Services;
  readonly limit: number;
  settled: number;
  readonly failures: unknown[];
}

/** Looks at each once in this run, so that one that fails keeps nobody waiting. */
async function each(run: Run, kind: DueKind): Promise<void> {
  const seen: string[] = [];
  while (run.settled < run.limit) {
    const now = run.services.clock();
    const limit = Math.min(batch, run.limit - run.settled);
    const found = await kind.find(run.services.db, { now, limit, except: seen });
    if (found.length === 0) return;
    seen.push(...found);
    for (const id of found) {
      try {
        const of = { id, limit: run.limit - run.settled };
        run.settled += await inTransaction(run.services, (acting) => kind.settle(acting, of));
      } catch (error) {
        run.failures.push(error);
      }
    }
  }
}

/** Nobody calls: entries of a sanction are opened to its case, and to whom a pair names. */
const inTransaction = (
  services: Services,
  work: (acting: Acting) => Promise<number>,
): Promise<number> =>
  retrying(() =>
    services.db.transaction().execute((db) => {
      const now = services.clock();
      const unique = (): string => newId('evd', { now, random: services.random });
      return work({ services, db, now, changes: new Changes({ caller: 'registry', now, unique }) });
    }),
  );
