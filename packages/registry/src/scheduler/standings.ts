import { judgeSubmitter } from '../accountability/judging.ts';
import { speechQuestion } from '../accountability/speech.rules.ts';
import { partiesOfSpeech, speechOf } from '../accountability/speech-store.ts';
import { measuresDue } from '../panel/rates.rules.ts';
import { accusedStandings } from '../panel/rates-store.ts';
import type { Db } from '../kernel/database.ts';
import type { DueKind } from './due-kind.ts';

/** Submitters whose warning grew 30 d old, or of whom two reversals at once each saw only themselves. */
async function judgeable(db: Db, now: Date): Promise<string[]> {
  const all = await accusedStandings(db, now);
  const due = all.flatMap((one) => (measuresDue(one, one, now).length > 0 ? [one.party] : []));
  return [...new Set([...due, ...(await askable(db, now))])];
}

/** Finds the parties about whose speech reviewers are to be asked. */
async function askable(db: Db, now: Date): Promise<string[]> {
  const parties: string[] = [];
  for (const party of await partiesOfSpeech(db, now)) {
    const { reversals, asked } = await speechOf(db, { party, now });
    if (speechQuestion(reversals, asked, now)) parties.push(party);
  }
  return parties;
}

export const standings: DueKind = {
  find: async (db, { now, limit, except }) =>
    (await judgeable(db, now)).filter((party) => !except.includes(party)).slice(0, limit),
  count: async (db, now) => (await judgeable(db, now)).length,
  settle: (ctx, { id }) => judgeSubmitter(ctx, id),
};
