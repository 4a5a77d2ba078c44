import type { Id } from '@recourse/protocol';
import type { AskedQuestion } from '@recourse/protocol/review';
import { sql, type Insertable, type Selectable } from 'kysely';
import type { Db } from '../kernel/database.ts';
import type { QuestionAnswersTable, QuestionsTable } from '../schema/appeal-texts.ts';
import { placeOf, type CaseKey } from '../vault/vault.ts';

export interface QuestionRow extends Selectable<QuestionsTable> {
  id: Id<'qst'>;
}

export async function insertQuestion(db: Db, row: Insertable<QuestionsTable>): Promise<void> {
  await db.insertInto('questions').values(row).execute();
}

/** Reads what one reviewer asked in one appeal. */
export const askedBy = (
  db: Db,
  { appeal, holder }: { appeal: string; holder: string },
): Promise<AskedQuestion[]> =>
  db
    .selectFrom('questions')
    .select(['round', 'slot', 'due_at as dueAt'])
    .where('appeal', '=', appeal)
    .where('holder', '=', holder)
    .execute();

/** Questions of an appeal, the oldest first. */
export const questionsOf = (db: Db, appeal: string): Promise<QuestionRow[]> =>
  db
    .selectFrom('questions')
    .selectAll()
    .where('appeal', '=', appeal)
    .orderBy('id')
    .$castTo<QuestionRow>()
    .execute();

/** The claimants whose words in an appeal are read. */
interface OfClaimants {
  readonly appeal: string;
  readonly claimants: Iterable<string>;
}

const among = (claimants: Iterable<string>) => sql<string>`any(${[...claimants]}::text[])`;

/** Reads what each claimant answered to the questions of an appeal. */
export const answersIn = (db: Db, { appeal, claimants }: OfClaimants): Promise<AnswerRow[]> =>
  db
    .selectFrom('question_answers as a')
    .innerJoin('questions as q', 'q.id', 'a.question')
    .select(['a.question', 'a.claimant', 'a.text', 'a.at'])
    .where('q.appeal', '=', appeal)
    .where('a.claimant', '=', among(claimants))
    .orderBy('a.at')
    .orderBy('a.claimant')
    .execute();

export type AnswerRow = Pick<
  Selectable<QuestionAnswersTable>,
  'question' | 'claimant' | 'text' | 'at'
>;

/** Reads what claimants added to an appeal. */
export const informationOf = (db: Db, { appeal, claimants }: OfClaimants) =>
  db
    .selectFrom('case_information')
    .select(['appeal', 'position', 'text', 'claimant', 'at'])
    .where('appeal', '=', appeal)
    .where('claimant', '=', among(claimants))
    .orderBy('position')
    .execute();

/** Files of an appeal with their bytes, all sealed. */
export const filesOf = (db: Db, { appeal, claimants }: OfClaimants) =>
  db
    .selectFrom('case_files')
    .select(['appeal', 'position', 'claimant', 'sealed', 'size'])
    .where('appeal', '=', appeal)
    .where('claimant', '=', among(claimants))
    .orderBy('position')
    .execute();

export const fileOf = (db: Db, { appeal, position }: { appeal: string; position: number }) =>
  db
    .selectFrom('case_files')
    .select(['appeal', 'position', 'claimant', 'sealed'])
    .where('appeal', '=', appeal)
    .where('position', '=', position)
    .executeTakeFirst();

/** A file of a creator as it was sealed. */
interface CaseFile {
  name: string;
  mediaType: string;
  /** base64url */
  bytes: string;
}

export const openFile = (
  caseKey: CaseKey,
  row: { readonly appeal: string; readonly position: number; readonly sealed: Uint8Array },
): CaseFile => caseKey.openJson(row.sealed, placeOf('case_files.sealed', row)) as CaseFile;
