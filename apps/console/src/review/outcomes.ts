import { instantText } from '@recourse/design';
import type { Decision } from '@recourse/protocol';
import type { OpenOutcome } from '@recourse/sdk';
import type { ReviewCase } from './case-data.ts';

export interface Choice {
  readonly outcome: Decision['outcome'];
  /** Why nobody can choose it now; undefined where it is open. The registry has the last word */
  readonly closed: string | undefined;
}

const whys = {
  'record-ended': 'The record has ended by itself.',
  'record-live': 'The record has not ended.',
  'too-late': 'Only in the first five days.',
  'not-confirmed': 'Confirm first that every item of evidence opens and fits.',
  'not-delivered': 'The platform still owes evidence.',
  'no-gist': 'Tell the creator the gist of the evidence first.',
} as const satisfies Partial<Record<NonNullable<OpenOutcome['closed']>, string>>;

/** Every outcome of a case, open or closed. A reversal is as near to the hand as its opposite. */
export function choicesOf({ outcomes }: Pick<ReviewCase, 'outcomes'>): Choice[] {
  const choices = outcomes.map((outcome) => ({ outcome: outcome.outcome, closed: whyOf(outcome) }));
  const isReversal = ({ outcome }: Choice): boolean => outcome === 'reversed';
  const [first, ...others] = choices.filter((choice) => !isReversal(choice));
  return [...(first ? [first] : []), ...choices.filter(isReversal), ...others];
}

function whyOf({ closed, opensAt }: OpenOutcome): string | undefined {
  if (closed !== 'gist-unanswered') return closed && whys[closed];
  return opensAt === undefined
    ? 'The creator has not answered the gist.'
    : `The creator has until ${instantText(opensAt)} to answer the gist.`;
}
