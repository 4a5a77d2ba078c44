import {
  toTimestamp,
  type Id,
  type OpInput,
  type OpOutput,
  type Submission,
} from '@recourse/protocol';
import { deliveriesIn } from '../../cases/notices/notify.ts';
import type { CallContext } from '../../context/context.ts';
import { found } from '../../kernel/refusal.ts';
import { standingOf } from '../../records/record.ts';
import { findSanction, historyOf, subjectsOf, type SanctionRow } from '../../records/store.ts';
import { appealRecords } from '../../review/view.ts';
import { answersOf, holdOf, recordOf } from '../../submissions/views.ts';
import { countRecalls, countTold } from '../../told/recalls/store.ts';
import { weekStart } from '../../told/recalls/told-number.rules.ts';
import { placeOf } from '../../vault/vault.ts';

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
    ...draftOf(ctx, row),
    ...returnedOf(ctx, row),
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

/** Whoever confirms a draft reads all of it, the account too. Once it is a record, the account is for its case. */
function draftOf(ctx: CallContext, row: SanctionRow): Pick<OpOutput<'sanctions.get'>, 'draft'> {
  const { evades } = row;
  const isRead = ctx.caller.role === 'trust' && standingOf(row, ctx.now).state === 'draft';
  if (!isRead) return {};
  const account = ctx.services.vault
    .keyOf(row)
    .openJson(row.account, placeOf('sanctions.account', row));
  return {
    draft: {
      account: account as Submission['account'],
      draftedBy: row.holder,
      ...(evades ? { evades: evades as Id<'snc'> } : {}),
    },
  };
}

/** Its author reads why a colleague gave a draft back. */
function returnedOf(
  { caller, services }: CallContext,
  row: SanctionRow,
): Pick<OpOutput<'sanctions.get'>, 'returned'> {
  const { returned_by: by, returned } = row;
  if (by === null || caller.role !== 'trust') return {};
  const reason = returned
    ? services.vault.keyOf(row).openText(returned, placeOf('sanctions.returned', row))
    : '';
  return { returned: { by, reason } };
}
