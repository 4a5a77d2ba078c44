import { isBehind, dueAt } from '@recourse/protocol/review';
import type { Db } from '../kernel/database.ts';
import { backlogged, readBacklog, release } from '../submissions/backlog-store.ts';
import type { DueKind } from './due-kind.ts';

/** A hold never ends on a day nobody works. */
const holdEnds = (now: Date): Date => dueAt(now, 0);

async function caughtUp(db: Db, now: Date): Promise<string[]> {
  const parties: string[] = [];
  for (const party of await backlogged(db)) {
    const { backlog } = await readBacklog(db, { party, now: holdEnds(now) });
    if (!isBehind(backlog)) parties.push(party);
  }
  return parties;
}

/**
 * Records that were held for a backlog of their group, by platform. No timer runs for them: the backlog falls by what
 * the panel does. Until it is written down they stay held.
 */
export const backlogs: DueKind = {
  find: async (db, { now, limit, except }) =>
    (await caughtUp(db, now)).filter((party) => !except.includes(party)).slice(0, limit),
  count: async (db, now) => (await caughtUp(db, now)).length,
  settle: async ({ db, now, changes }, { id: party, limit }) => {
    const released = await release(db, { party, at: holdEnds(now), limit });
    for (const id of released) changes.records.add(id);
    return released.length;
  },
};
