import {
  Problem,
  toNumericDate,
  toTimestamp,
  withheldGrounds,
  type Id,
  type OpInput,
  type OpOutput,
  type WithheldGround,
} from '@recourse/protocol';
import { dueAt, type Deadlines } from '../kernel/bounds.ts';
import { placeOf } from '../vault/vault.ts';
import type { CallContext } from '../context/context.ts';
import { emit } from '../told/events/emit.ts';
import { applyDueSteps } from '../records/apply-due-steps.ts';
import type { LockedRecord } from '../records/transition-context.ts';
import { lockRecord } from '../records/lock-record.ts';
import { findSanction, setNoticeDue, type SanctionRow } from '../records/store.ts';
import { sql } from 'kysely';
import type { Db, NoticeReviewsTable } from '../kernel/database.ts';

/** Assigned, not picked: there is one that a reviewer may look at now, the longest withheld. */
export async function nextNotice(ctx: CallContext): Promise<OpOutput<'review.notice'>> {
  const { db } = ctx;
  const id = await nextWithheld(db, waitingFor(ctx));
  const record = withheld(id === undefined ? undefined : await findSanction(db, id));
  const caseKey = ctx.services.vault.keyOf(record);
  return {
    sanction: record.id,
    reason: record.reason,
    ground: record.withheld_ground,
    statement: record.statement,
    account: (
      caseKey.openJson(record.account, placeOf('sanctions.account', record)) as { text: string }
    ).text,
    noticeDueAt: toTimestamp(record.notice_due_at),
  };
}

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

type Withheld = { withheld_ground: WithheldGround; notice_due_at: Date };

async function confirm(record: LockedRecord & Withheld): Promise<Date> {
  await record.note({ event: 'notice-confirmed' });
  return record.notice_due_at;
}

/** No later than it was due before. */
export function ordinaryDue(
  { before, now }: { before: Date; now: Date },
  { noticeDueDays }: Pick<Deadlines, 'noticeDueDays'>,
): Date {
  const ordinary = dueAt(now, 24 * noticeDueDays);
  return ordinary < before ? ordinary : before;
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

const waitingFor = ({ caller: { holder }, now }: CallContext) => ({ holder, now });

function withheld<R extends SanctionRow>(row: R | undefined): R & Withheld {
  const { withheld_ground: ground, notice_due_at: due } = row ?? {};
  if (!row || !isGround(ground) || !due) throw new Problem('not-found');
  return { ...row, withheld_ground: ground, notice_due_at: due };
}

const isGround = (ground: string | null | undefined): ground is WithheldGround =>
  withheldGrounds.some((one) => one === ground);

/** The record whose notice is withheld the longest, of those that nobody looked at and this reviewer may judge. */
async function nextWithheld(
  db: Db,
  of: { holder: string; now: Date },
): Promise<string | undefined> {
  const { holder, now } = of;
  const { rows } = await sql<{ id: string }>`
    select s.id from sanctions s
    where s.withheld_ground is not null and s.submitted_at is not null and s.notified_at is null
      and not s.end_recorded and s.notice_due_at > ${now}
      and not exists (select from notice_reviews n where n.sanction = s.id)
      and not exists (
        select from holders h where h.id = ${holder} and s.reason = any(h.opt_out))
      and is_independent(s.id, ${holder}, ${now}) and is_new_to(s.id, ${holder}, null)
    order by s.submitted_at, s.id limit 1`.execute(db);
  return rows[0]?.id;
}

export async function insertNoticeReview(db: Db, row: NoticeReviewsTable): Promise<void> {
  await db.insertInto('notice_reviews').values(row).execute();
}
