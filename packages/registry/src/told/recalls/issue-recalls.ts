import { newId, recallsOwed, type RecallKind } from '@recourse/protocol';
import { dueAt } from '@recourse/protocol/review';
import { pairOf } from '../../commit/changes.ts';
import type { OwedRecalls, Reaction } from '../../records/transition-context.ts';
import { insertRecalls, toldPlatforms } from './store.ts';

/**
 * One recall for each platform that was told of an earlier version, and its entry; the sum goes into the
 * entry of the change itself. The caller holds the sanction FOR UPDATE: no disclosure slips in.
 */
export const recall =
  (kind: RecallKind): Reaction =>
  async (ctx, { record, version, at }) => {
    const { db, now, services } = ctx;
    const toldBy = whoKnowsBy(kind, at, now);
    const told = (await toldPlatforms(db, [record.id], toldBy)).get(record.id) ?? [];
    if (told.length === 0) return oweNothing();
    const due = dueAt(now, services.deadlines.recallHours);
    const recalls = told.map((party) => ({
      id: newId('rcl', { now, random: services.random }),
      sanction: record.id,
      version,
      kind,
      party,
      issued_at: now,
      due_at: due,
    }));
    await insertRecalls(db, recalls);
    const theCase = { sanction: record.id, caseKey: record.key() };
    for (const { id, party } of recalls) {
      const detail = { recall: id, version, kind };
      ctx.changes.pair('recall-issued', { ...theCase, party, detail });
    }
    return { sum: recallsOwed(told.map((party) => pairOf({ ...theCase, party }))), recalls };
  };

/** Nobody owes a recall for an expiry: everyone was told when it comes. */
export const oweNothing = async (): Promise<OwedRecalls> => ({ sum: recallsOwed([]), recalls: [] });

/** Longer than an answer that was read before takes to be written. */
const longestReadMs = 60_000;

/**
 * Suspended and reinstated by time alone, it may have answered again before anybody wrote either down: whoever
 * was told then knows the record as it is. What ends it goes to everybody.
 */
function whoKnowsBy(kind: RecallKind, at: Date, now: Date): Date | undefined {
  if (kind === 'undo' || at >= now) return undefined;
  return kind === 'pause' ? new Date(at.getTime() + longestReadMs) : at;
}
