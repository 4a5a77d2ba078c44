import { drawQuarter } from '../review/inspection-opening.ts';
import { firstCheckpointSince, undrawnParties } from '../review/inspection-store.ts';
import { quarterOf } from '../review/draw.rules.ts';
import type { Db } from '../kernel/database.ts';
import type { DueKind } from './due-kind.ts';

/** Platforms of which nothing was drawn in this quarter, once the ledger has a checkpoint of it. */
async function undrawn(db: Db, now: Date): Promise<string[]> {
  const quarter = quarterOf(now);
  const seed = await firstCheckpointSince(db, quarter.start);
  return seed ? undrawnParties(db, quarter) : [];
}

export const inspectionDraws: DueKind = {
  find: async (db, { now, limit, except }) =>
    (await undrawn(db, now)).filter((party) => !except.includes(party)).slice(0, limit),
  count: async (db, now) => (await undrawn(db, now)).length,
  settle: async (ctx, { id }) => ((await drawQuarter(ctx, id)) > 0 ? 1 : 0),
};
