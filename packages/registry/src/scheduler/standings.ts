import { judgeSubmitter } from '../accountability/judging.ts';
import { measuresDue } from '../panel/rates.rules.ts';
import { accusedStandings } from '../panel/rates-store.ts';
import type { Db } from '../kernel/database.ts';
import type { DueKind } from './due-kind.ts';

/** Submitters whose warning grew 30 d old, or of whom two reversals at once each saw only themselves. */
async function judgeable(db: Db, now: Date): Promise<string[]> {
  const all = await accusedStandings(db, now);
  return all.flatMap((one) => (measuresDue(one, one, now).length > 0 ? [one.party] : []));
}

export const standings: DueKind = {
  find: async (db, { now, limit, except }) =>
    (await judgeable(db, now)).filter((party) => !except.includes(party)).slice(0, limit),
  count: async (db, now) => (await judgeable(db, now)).length,
  settle: (ctx, { id }) => judgeSubmitter(ctx, id),
};
