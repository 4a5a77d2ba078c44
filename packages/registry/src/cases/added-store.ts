import { sql } from 'kysely';
import type { Db } from '../kernel/database.ts';

/** The next place in an appeal; the caller holds the lock of its sanction. */
export async function nextPosition(
  db: Db,
  table: 'case_information' | 'case_files',
  appeal: string,
): Promise<number> {
  const row = await db
    .selectFrom(table)
    .select(sql<number>`coalesce(max(position) + 1, 0)::int`.as('n'))
    .where('appeal', '=', appeal)
    .executeTakeFirstOrThrow();
  return row.n;
}

export interface AddedPlace {
  readonly appeal: string;
  readonly sanction: string;
  readonly claimant: string;
  readonly position: number;
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

/**
 * A claimant answers a question of an appeal once, for themselves; false where it is put to somebody else, or they did.
 * Once all have answered, nothing waits for it any more.
 */
export async function answerQuestion(
  db: Db,
  answer: { question: string; appeal: string; text: Uint8Array; at: Date; by: string },
): Promise<boolean> {
  const { question, appeal, text, at, by } = answer;
  const { numAffectedRows } = await sql`
    insert into question_answers (question, sanction, claimant, text, at)
    select q.id, q.sanction, ${by}, ${text}, ${at} from questions q
    where q.id = ${question} and q.appeal = ${appeal} and (q.claimant is null or q.claimant = ${by})
    on conflict (question, claimant) do nothing`.execute(db);
  if (numAffectedRows !== 1n) return false;
  await sql`update questions set answered_at = ${at}
    where id = ${question} and answered_at is null and is_answered(id, ${at})`.execute(db);
  return true;
}
