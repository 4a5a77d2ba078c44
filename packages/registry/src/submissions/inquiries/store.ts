import {
  toTimestamp,
  type AppealGround,
  type Id,
  type InquiryAnswer,
  type InquiryQuestion,
  type InquiryRecord,
} from '@recourse/protocol';
import type { Db } from '../../kernel/database.ts';
import { wakeContacts } from '../../records/next-store.ts';
import type { InquiriesTable } from '../../schema/checks.ts';

/** A match of the caller, with who told it of what. */
export const matchOf = (db: Db, { match, party }: { match: string; party: string }) =>
  db
    .selectFrom('matches')
    .select(['id', 'sanction', 'told_at'])
    .where('id', '=', match)
    .where('party', '=', party)
    .executeTakeFirst();

/** False where this was asked about this match before. */
export async function insertInquiry(
  db: Db,
  question: Omit<InquiriesTable, 'answer' | 'answered_at'>,
): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await db
    .insertInto('inquiries')
    .values({ ...question, answer: null, answered_at: null })
    .onConflict((conflict) => conflict.columns(['match', 'asks']).doNothing())
    .executeTakeFirst();
  await wakeContacts(db, [question.sanction]);
  return Number(numInsertedOrUpdatedRows) > 0;
}

/** The record that an inquiry is about; who may answer it is its submitter. */
export const sanctionOfInquiry = (db: Db, id: string) =>
  db.selectFrom('inquiries').select('sanction').where('id', '=', id).executeTakeFirst();

export const lockInquiry = (db: Db, id: string) =>
  db.selectFrom('inquiries').selectAll().where('id', '=', id).forUpdate().executeTakeFirstOrThrow();

export async function setAnswer(
  db: Db,
  { answer, at, id, sanction }: { id: string; sanction: string; answer: InquiryAnswer; at: Date },
): Promise<void> {
  await db.updateTable('inquiries').set({ answer, answered_at: at }).where('id', '=', id).execute();
  await wakeContacts(db, [sanction]);
}

export interface InquiryRow {
  readonly id: Id<'qst'>;
  readonly match: Id<'mat'>;
  readonly sanction: Id<'snc'>;
  readonly party: Id<'plt'>;
  readonly asks: InquiryQuestion;
  readonly asked_at: Date;
  readonly due_at: Date;
  readonly answer: InquiryAnswer | null;
  readonly answered_at: Date | null;
}

/** Reads what a platform asked, and what it is asked about its own records; the newest first, from before an id. */
export const inquiriesOf = (
  db: Db,
  {
    party,
    before,
    open,
    limit,
  }: { party: string; before?: string | undefined; limit: number; open: boolean },
): Promise<InquiryRow[]> =>
  db
    .selectFrom('inquiries as q')
    .innerJoin('sanctions as s', 's.id', 'q.sanction')
    .selectAll('q')
    .where((eb) => eb.or([eb('q.party', '=', party), eb('s.party', '=', party)]))
    .$if(before !== undefined, (query) => query.where('q.id', '<', before!))
    .$if(open, (query) => query.where('q.answered_at', 'is', null))
    .orderBy('q.id', 'desc')
    .limit(limit)
    .$castTo<InquiryRow>()
    .execute();

/** All that was asked about a record, with who asked: for its creator. */
export const inquiriesAbout = (
  db: Db,
  sanction: string,
): Promise<(InquiryRow & { readonly name: string })[]> =>
  db
    .selectFrom('inquiries as q')
    .innerJoin('parties as p', 'p.id', 'q.party')
    .selectAll('q')
    .select('p.name')
    .where('q.sanction', '=', sanction)
    .orderBy('q.id')
    .$castTo<InquiryRow & { name: string }>()
    .execute();

/** Why an appeal was made, and whether its evidence was confirmed. */
export const groundOf = (
  db: Db,
  appeal: string,
): Promise<
  { ground: AppealGround; evidence_confirmed_at: Date | null; reason_told: boolean } | undefined
> =>
  db
    .selectFrom('appeals')
    .select(['ground', 'evidence_confirmed_at', 'reason_told'])
    .where('id', '=', appeal)
    .executeTakeFirst();

/**
 * Returns an inquiry as one of its sides reads it. The creator reads who asks; the submitter reads no name and no match
 * of another platform.
 */
export function recordOf(
  row: InquiryRow,
  { party, now }: { party: string; now: Date },
): InquiryRecord {
  const isAsker = row.party === party;
  return {
    question: row.id,
    side: isAsker ? 'asked' : 'received',
    sanction: row.sanction,
    ...(isAsker ? { match: row.match } : {}),
    ...exchangeOf(row, now),
  };
}

type InquiryTerms = Pick<InquiryRow, 'asks' | 'asked_at' | 'due_at' | 'answer' | 'answered_at'>;

/** An inquiry as both sides and the creator read it; that it is overdue is computed, and written nowhere. */
export const exchangeOf = (
  { asks, asked_at, due_at, answer, answered_at }: InquiryTerms,
  now: Date,
) => ({
  asks,
  askedAt: toTimestamp(asked_at),
  dueAt: toTimestamp(due_at),
  overdue: answered_at === null ? due_at <= now : due_at < answered_at,
  ...(answer && answered_at ? { answer, answeredAt: toTimestamp(answered_at) } : {}),
});
