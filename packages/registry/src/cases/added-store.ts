import { sql } from 'kysely';
import type { Db } from '../kernel/database.ts';

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

export interface AddedPlace {
  readonly appeal: string;
  readonly sanction: string;
  readonly claimant: string;
  readonly position: number;
  readonly way: number;
  readonly slot: number;
  readonly at: Date;
}

export async function insertFile(
  db: Db,
  row: AddedPlace & { sealed: Uint8Array; size: number },
): Promise<void> {
  await db.insertInto('case_files').values(row).execute();
}

export async function insertInformation(
  db: Db,
  row: AddedPlace & { text: Uint8Array },
): Promise<void> {
  await db.insertInto('case_information').values(row).execute();
}

/** Answers a question of an appeal once; false when there is none that is unanswered. */
export async function answerQuestion(
  db: Db,
  {
    answer,
    at,
    by,
    question,
    appeal,
  }: { question: string; appeal: string; answer: Uint8Array; at: Date; by: string },
): Promise<boolean> {
  const row = await db
    .updateTable('questions')
    .set({ answer, answered_at: at, answered_by: by })
    .where('id', '=', question)
    .where('appeal', '=', appeal)
    .where('answered_at', 'is', null)
    .where((where) => where.or([where('claimant', 'is', null), where('claimant', '=', by)]))
    .returning('id')
    .executeTakeFirst();
  return row !== undefined;
}
