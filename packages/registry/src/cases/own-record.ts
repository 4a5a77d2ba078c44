import { toTimestamp, type OpInput, type OpOutput } from '@recourse/protocol';
import type { CallContext } from '../context/context.ts';
import { deliveriesIn } from './notices/notify.ts';
import { countRecalls, countTold } from '../told/recalls/store.ts';
import { weekStart } from '../told/recalls/told-number.rules.ts';
import { findSanction, historyOf, subjectsOf } from '../records/store.ts';
import { answersOf, holdOf, recordOf } from '../submissions/views.ts';
import { appealRecords } from '../review/view.ts';
import { found } from '../kernel/refusal.ts';

/** An own record as it stands, with its history and what became of its notices. */
export async function getSanction(
  ctx: CallContext,
  { sanction }: OpInput<'sanctions.get'>,
): Promise<OpOutput<'sanctions.get'>> {
  const row = found(await findSanction(ctx.db, sanction), (one) => one.party === ctx.caller.party);
  const told = await countTold(ctx.db, [sanction], { before: weekStart(ctx.now) });
  const subjects = await subjectsOf(ctx.db, sanction);
  const history = await historyOf(ctx.db, sanction);
  return {
    ...recordOf(row, { now: ctx.now, told: told.get(sanction) ?? 0 }),
    ...holdOf(row, ctx.services.deadlines),
    subjects: subjects.map(({ position, kind, matches_until, review_from }) => ({
      index: position,
      kind,
      matchesUntil: toTimestamp(matches_until),
      ...answersOf(row, review_from),
    })),
    deliveries: await deliveriesIn(ctx, sanction),
    ...(row.stated_at ? { noticeStatedAt: toTimestamp(row.stated_at) } : {}),
    history: history.map(({ at, event, cause }) => ({
      at: toTimestamp(at),
      event,
      ...(cause === null ? {} : { cause }),
    })),
    appeals: await appealRecords(ctx.db, { sanction, now: ctx.now }),
    recalls: await countRecalls(ctx.db, sanction),
  };
}
