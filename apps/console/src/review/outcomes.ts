import { instantText } from '@recourse/design';
import { decisionOutcomes, inspectionOutcomes, type Decision } from '@recourse/protocol';
import {
  isInspection,
  type AppealCase,
  type InspectionCase,
  type ReviewCase,
} from './case-data.ts';

export interface Choice {
  readonly outcome: Decision['outcome'];
  /** Why nobody can choose it now; undefined where it is open. The registry has the last word */
  readonly closed: string | undefined;
}

/** Every outcome of a case, as far as what the registry answered shows which are open. */
export function choicesOf(one: ReviewCase, now: Date): Choice[] {
  if (isInspection(one)) {
    return inspectionOutcomes.map((outcome) => ({
      outcome,
      closed: closedInspection(outcome, one),
    }));
  }
  const [upheld, amended, ...others] = decisionOutcomes;
  // A reversal is as near to the hand as its opposite.
  const [reversed, ...last] = others;
  return [upheld, reversed, amended, ...last].map((outcome) => ({
    outcome,
    closed: closedAppeal(outcome, one, now),
  }));
}

function closedInspection(
  outcome: (typeof inspectionOutcomes)[number],
  { evidence, confirmedAt }: InspectionCase,
): string | undefined {
  if (evidence.some(({ delivered }) => !delivered)) return 'The platform still owes evidence.';
  return outcome === 'passed' && confirmedAt === undefined ? unconfirmed : undefined;
}

const unconfirmed = 'Confirm first that every item of evidence opens and fits.';

const ofEnded: ReadonlySet<string> = new Set(['upheld', 'finding']);

function closedAppeal(
  outcome: (typeof decisionOutcomes)[number],
  one: AppealCase,
  now: Date,
): string | undefined {
  if (one.onEnded && !ofEnded.has(outcome)) return 'The record has ended by itself.';
  if (!one.onEnded && outcome === 'finding') return 'The record has not ended.';
  return outcome === 'upheld' || outcome === 'amended' ? unfounded(one, now) : undefined;
}

/** Nothing is upheld on evidence of which the creator had no gist, and time to answer it. */
function unfounded({ confirmedAt, questions }: AppealCase, now: Date): string | undefined {
  if (confirmedAt === undefined) return unconfirmed;
  const gists = questions.filter(({ kind }) => kind === 'gist');
  const [first] = gists;
  if (!first) return 'Tell the creator the gist of the evidence first.';
  const isOver = gists.some(
    ({ answer, answerDueAt }) => answer !== undefined || new Date(answerDueAt) <= now,
  );
  if (isOver) return undefined;
  return `The creator has until ${instantText(first.answerDueAt)} to answer the gist.`;
}
