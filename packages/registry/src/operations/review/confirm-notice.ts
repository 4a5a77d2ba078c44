import {
  Problem,
  toNumericDate,
  toTimestamp,
  type Id,
  type OpInput,
  type OpOutput,
} from '@recourse/protocol';
import type { CallContext } from '../../context/context.ts';
import { applyDueSteps } from '../../records/apply-due-steps.ts';
import { lockRecord } from '../../records/lock-record.ts';
import { setNoticeDue } from '../../records/store.ts';
import type { LockedRecord } from '../../records/transition-context.ts';
import { ordinaryDue, waitingFor, withheld, type Withheld } from '../../review/notice-review.ts';
import { insertNoticeReview, nextWithheld } from '../../review/notice-store.ts';
import { emit } from '../../told/events/emit.ts';

/**
 * Withheld notice: the record stays held. Its notice is delivered by day 14, or the record withdrawn; where a reviewer
 * refuses the ground, notice is owed like any other.
 */
export async function reviewNotice(
  ctx: CallContext,
  { sanction, confirmed }: OpInput<'review.confirmNotice'>,
): Promise<OpOutput<'review.confirmNotice'>> {
  const { db, now: at, caller } = ctx;
  // Looked at before anything is locked: nobody holds up a record that is not theirs to judge.
  await assertNext(ctx, sanction);
  const locked = await lockRecord(ctx, sanction);
  const now = locked && (await applyDueSteps(ctx, locked));
  // Another reviewer, the notice or the end may have come first.
  await assertNext(ctx, sanction);
  const record = withheld(now);
  await insertNoticeReview(db, { sanction, holder: caller.holder, kid: caller.kid, confirmed, at });
  await record.note({
    entry: 'notice-reviewed',
    detail: { confirmed },
    // Looked at once; the key is told to nobody by it, and a recovery tries all.
    name: caller.kid,
  });
  record.retain();
  const due = confirmed ? await confirm(record) : await refuse(ctx, record);
  return { sanction, noticeDueAt: toTimestamp(due) };
}

async function confirm(record: LockedRecord & Withheld): Promise<Date> {
  await record.note({ event: 'notice-confirmed' });
  return record.notice_due_at;
}

async function refuse(ctx: CallContext, record: LockedRecord & Withheld): Promise<Date> {
  const { id: sanction, version, notice_due_at: before } = record;
  const { db, now, services } = ctx;
  const due = ordinaryDue({ before, now }, services.deadlines);
  await setNoticeDue(db, { sanction, at: due });
  await record.note({ event: 'notice-refused' });
  await emit(ctx, {
    party: record.party,
    sanction,
    type: 'notice-owed',
    body: { version, dueAt: toNumericDate(due) },
  });
  return due;
}

async function assertNext(ctx: CallContext, sanction: Id<'snc'>): Promise<void> {
  if ((await nextWithheld(ctx.db, waitingFor(ctx))) !== sanction) throw new Problem('not-found');
}
