import { sql } from 'kysely';
import type { Db } from '../kernel/database.ts';

export async function setWithdrawsAt(db: Db, appeal: string, at: Date | null): Promise<void> {
  await db
    .updateTable('appeals')
    .set({ withdraws_at: at })
    .where('id', '=', appeal)
    .where('closed_at', 'is', null)
    .execute();
}

/** How many rows of an appeal there are; the caller holds the lock of its sanction. */
export async function countOf(
  db: Db,
  table: 'case_information' | 'case_files',
  appeal: string,
): Promise<number> {
  const row = await db
    .selectFrom(table)
    .select(sql<number>`count(*)::int`.as('n'))
    .where('appeal', '=', appeal)
    .executeTakeFirstOrThrow();
  return row.n;
}

interface AddedPlace {
  readonly appeal: string;
  readonly sanction: string;
  readonly claimant: string;
  readonly position: number;
  readonly way: number;
  readonly slot: number;
  readonly at: Date;
}

export async function insertInformation(
  db: Db,
  row: AddedPlace & { text: Uint8Array },
): Promise<void> {
  await db.insertInto('case_information').values(row).execute();
}

export async function insertFile(
  db: Db,
  row: AddedPlace & { sealed: Uint8Array; size: number },
): Promise<void> {
  await db.insertInto('case_files').values(row).execute();
}

/** Answers a question of an appeal once; false when there is none that is unanswered. */
export async function answerQuestion(
  db: Db,
  of: { question: string; appeal: string; answer: Uint8Array; at: Date; by: string },
): Promise<boolean> {
  const row = await db
    .updateTable('questions')
    .set({ answer: of.answer, answered_at: of.at, answered_by: of.by })
    .where('id', '=', of.question)
    .where('appeal', '=', of.appeal)
    .where('answered_at', 'is', null)
    .where((where) => where.or([where('claimant', 'is', null), where('claimant', '=', of.by)]))
    .returning('id')
    .executeTakeFirst();
  return row !== undefined;
}
