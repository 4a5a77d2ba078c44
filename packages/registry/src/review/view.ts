import { toTimestamp, type AppealRecord, type OpOutput } from '@recourse/protocol';
import { lateOf } from '@recourse/protocol/review';
import type { Db } from '../kernel/database.ts';
import { clocksOf } from '../records/record.ts';
import { placeOf, type CaseKey } from '../vault/vault.ts';
import { answersIn, questionsOf, type AnswerRow, type QuestionRow } from './case-store.ts';
import { joinsOf } from './join-store.ts';
import type { AppealRow, AppealState } from './store.ts';

/** An appeal as every side sees it: never its words, and closed by time alone where no job has come round to it. */
export function viewAppeal(row: AppealRow, now: Date): AppealRecord {
  const closing = closingOf(row, now);
  return {
    appeal: row.id,
    sanction: row.sanction,
    ground: row.ground,
    state: closing?.state ?? 'open',
    openedAt: toTimestamp(row.opened_at),
    claimDueAt: toTimestamp(row.assignment_due_at),
    ...(closing ? {} : stillDue(row)),
    decisionDueAt: toTimestamp(row.decision_due_at),
    undecidedAt: toTimestamp(row.undecided_at),
    bound: row.bound,
    ...(row.told_reviewers > 0 ? { toldReviewers: row.told_reviewers } : {}),
    ...(row.reviewers_again > 0 ? { reviewersAgain: row.reviewers_again } : {}),
    ...(closing ? { closedAt: toTimestamp(closing.at) } : {}),
    ...(row.outcome ? { outcome: row.outcome } : {}),
    ...(closing?.cause ? { cause: closing.cause } : {}),
    ...(row.reopens === null ? {} : { reopens: row.reopens }),
    ...(row.responded_at ? { respondedAt: toTimestamp(row.responded_at) } : {}),
  };
}

const stillDue = ({
  relief_due_at: relief,
  relief_decided_at: decided,
  relief_spared: isSpared,
  evidence_due_at: evidence,
}: AppealRow): Pick<AppealRecord, 'reliefDueAt' | 'evidenceDueAt'> => ({
  ...(relief && !decided && !isSpared ? { reliefDueAt: toTimestamp(relief) } : {}),
  ...(evidence ? { evidenceDueAt: toTimestamp(evidence) } : {}),
});

interface ReviewClosing {
  readonly state: AppealState;
  readonly at: Date;
  readonly cause?: string | null;
}

function closingOf(row: AppealRow, now: Date): ReviewClosing | undefined {
  if (row.closed_at && row.closed_as) {
    return { state: row.closed_as, at: row.closed_at, cause: row.cause };
  }
  const late = lateOf(clocksOf(row));
  if (late && late.at <= now) return { state: late.as, at: late.at, cause: late.cause };
  const { withdraws_at: at } = row;
  return at && at <= now ? { state: 'withdrawn', at } : undefined;
}

type Question = Extract<OpOutput<'review.get'>, AppealRecord>['questions'][number];

export interface QuestionReader {
  readonly appeal: string;
  readonly caseKey: CaseKey;
}

export const viewQuestion = (row: QuestionRow, { caseKey }: QuestionReader) => ({
  question: row.id,
  kind: row.kind,
  text: caseKey.openText(row.text, placeOf('questions.text', row)),
  askedAt: toTimestamp(row.asked_at),
  answerDueAt: toTimestamp(row.due_at),
});

export const answerText = (row: AnswerRow, { caseKey }: QuestionReader): string =>
  caseKey.openText(row.text, placeOf('question_answers.text', row));

/**
 * Shows what was asked, and what each answered.
 * @param reader `answers` whether what claimants wrote may be read; `numbers` of the claimants
 */
export async function viewQuestions(
  db: Db,
  reader: QuestionReader & { answers: boolean; numbers: ReadonlyMap<string, number> },
): Promise<Question[]> {
  const { appeal, numbers } = reader;
  const claimants = numbers.keys();
  const answers = reader.answers ? await answersIn(db, { appeal, claimants }) : [];
  return (await questionsOf(db, appeal)).map((row) => ({
    ...viewQuestion(row, reader),
    ...(row.answered_at ? { answeredAt: toTimestamp(row.answered_at) } : {}),
    answers: answers
      .filter(({ question }) => question === row.id)
      .map((answer) => ({
        claimant: numbers.get(answer.claimant)!,
        at: toTimestamp(answer.at),
        text: answerText(answer, reader),
      })),
  }));
}

/** Shows what is new in a later appeal, to whoever may read its words. */
export const viewNews = (row: AppealRow, caseKey: CaseKey): { news?: string } =>
  row.news ? { news: caseKey.openText(row.news, placeOf('appeals.news', row)) } : {};

/** Shows that the submitter stands by it, and its words to whoever may read them. */
export function viewResponse(
  row: AppealRow,
  caseKey: CaseKey | undefined,
): { response?: { at: string; text?: string } } {
  const { responded_at: at, response } = row;
  if (!at) return {};
  const place = placeOf('appeals.response', row);
  const text = caseKey && response ? { text: caseKey.openText(response, place) } : {};
  return { response: { at: toTimestamp(at), ...text } };
}

export type ReviewedAppeal = Extract<OpOutput<'review.get'>, AppealRecord>;

/** Every ground of those whom the reviewer reads, with its words for whoever may read them. */
export async function viewJoined(
  db: Db,
  query: { appeal: string; numbers: ReadonlyMap<string, number>; caseKey: CaseKey | undefined },
): Promise<ReviewedAppeal['joined']> {
  const { appeal, numbers, caseKey } = query;
  return (await joinsOf(db, { appeal, claimants: numbers.keys() })).map((join) => ({
    claimant: join.number,
    ground: join.ground,
    ...(caseKey && join.words?.length
      ? { words: caseKey.openText(join.words, placeOf('appeal_joins.words', join)) }
      : {}),
    at: toTimestamp(join.at),
  }));
}
