import type { CaseServices } from '../../records/transition-context.ts';
import type { Db } from '../../kernel/database.ts';
import {
  firstOf,
  othersFrom,
  reviewFrom,
  type HeldRecord,
} from '../../submissions/answering.rules.ts';
import { findSanction, subjectsOf, type SanctionRow } from '../../records/store.ts';
import { setDelivery, setNoted, setStated } from './store.ts';

interface NoteContext {
  readonly db: Db;
  readonly services: Pick<CaseServices, 'deadlines'>;
}

/** A notice was delivered to one identifier of a locked record: it answers by that, and by nothing else. */
export async function noteDelivered(
  noting: NoteContext,
  row: SanctionRow,
  { position, at }: { position: number; at: Date },
): Promise<SanctionRow> {
  const { deadlines } = noting.services;
  const delivery = { deliveredAt: at, reviewFrom: reviewFrom(heldOf(row), at, deadlines) };
  await setDelivered(noting.db, { sanction: row.id, position, ...delivery });
  return noteFirst(noting, row);
}

/** The submitter says that it told the creator itself. */
export async function noteStated(
  noting: NoteContext,
  row: SanctionRow,
  at: Date,
): Promise<SanctionRow> {
  await setStated(noting.db, row.id, at);
  return noteFirst(noting, { ...row, stated_at: at });
}

/** Notes that a message was never delivered: it came back before it counted. */
export async function noteUndelivered(
  noting: NoteContext,
  row: SanctionRow,
  position: number,
): Promise<SanctionRow> {
  await clearDelivered(noting.db, { sanction: row.id, position });
  return noteFirst(noting, row);
}

/** The first notice, of either kind, starts the clock of every identifier that none reached. */
async function noteFirst({ db, services }: NoteContext, row: SanctionRow): Promise<SanctionRow> {
  const subjects = await subjectsOf(db, row.id);
  const first = firstOf([row.stated_at, ...subjects.map((one) => one.delivered_at)]);
  const isKnown = first?.getTime() === row.notified_at?.getTime();
  const others =
    first && ((isKnown && row.others_from) || othersFrom(heldOf(row), first, services.deadlines));
  await setNoted(db, row.id, {
    notified_at: first,
    others_from: others,
    visible_from: firstOf([others, ...subjects.map((one) => one.review_from)]),
  });
  return (await findSanction(db, row.id)) ?? row;
}

/** Only a submitted record is noticed. */
function heldOf(row: SanctionRow): HeldRecord {
  const { reason, submitted_at: submittedAt, probation_until: probationUntil, relayed } = row;
  if (!submittedAt) throw new RangeError('a draft has no notice');
  return { reason, submittedAt, probationUntil, relayed };
}

/** Under every epoch that the record has tokens of. */
async function setDelivered(
  db: Db,
  delivery: { sanction: string; position: number; deliveredAt: Date; reviewFrom: Date },
): Promise<void> {
  await setDelivery(db, delivery, {
    delivered_at: delivery.deliveredAt,
    review_from: delivery.reviewFrom,
  });
}

const clearDelivered = (db: Db, subject: { sanction: string; position: number }): Promise<void> =>
  setDelivery(db, subject, { delivered_at: null, review_from: null });
