import {
  toTimestamp,
  type Id,
  type OpInput,
  type OpOutput,
  type Submission,
} from '@recourse/protocol';
import { viewDeliveries } from '../../cases/notices/notify.ts';
import { deliveriesQuery } from '../../cases/notices/store.ts';
import type { CallContext } from '../../context/context.ts';
import { pipelined } from '../../kernel/pipelined.ts';
import { found } from '../../kernel/refusal.ts';
import { standingOf } from '../../records/record.ts';
import {
  historyQuery,
  sanctionQuery,
  subjectsQuery,
  type SanctionRow,
} from '../../records/store.ts';
import { appealsQuery } from '../../review/store.ts';
import { viewAppeal } from '../../review/view.ts';
import { answersOf, holdOf, recordOf } from '../../submissions/views.ts';
import { recallCounts, toldCounts } from '../../told/recalls/store.ts';
import { weekStart } from '../../told/recalls/told-number.rules.ts';
import { placeOf } from '../../vault/vault.ts';

/** An own record as it stands, with its history and what became of its notices. */
export async function getSanction(
  ctx: CallContext,
  { sanction }: OpInput<'sanctions.get'>,
): Promise<OpOutput<'sanctions.get'>> {
  const { db, now } = ctx;
  // One round trip: what is read of somebody else's record is thrown away.
  const [rows, told, subjects, deliveries, history, appeals, [recalls]] = await pipelined(db, [
    sanctionQuery(db, sanction).compile(),
    toldCounts([sanction], { before: weekStart(now) }).compile(db),
    subjectsQuery(db, sanction).compile(),
    deliveriesQuery(db, sanction).compile(),
    historyQuery(db, sanction).compile(),
    appealsQuery(db, sanction).compile(),
    recallCounts(sanction).compile(db),
  ]);
  const row = found(rows[0], (one) => one.party === ctx.caller.party);
  return {
    ...recordOf(row, { now, told: told[0]?.n ?? 0 }),
    ...draftOf(ctx, row),
    ...returnedOf(ctx, row),
    ...holdOf(row, ctx.services.deadlines),
    subjects: subjects.map(({ position, kind, matches_until, review_from }) => ({
      index: position,
      kind,
      matchesUntil: toTimestamp(matches_until),
      ...answersOf(row, review_from),
    })),
    deliveries: viewDeliveries(deliveries),
    ...(row.stated_at ? { noticeStatedAt: toTimestamp(row.stated_at) } : {}),
    history: history.map(({ at, event, cause }) => ({
      at: toTimestamp(at),
      event,
      ...(cause === null ? {} : { cause }),
    })),
    appeals: appeals.map((appeal) => viewAppeal(appeal, now)),
    recalls: recalls ?? { issued: 0, acknowledged: 0 },
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
