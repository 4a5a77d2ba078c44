import type { ReviewCase } from './case-data.ts';
import type { CaseDraft } from './case-draft.ts';

/** Fields that a decision still lacks; the registry would refuse it. */
export type Missing = Partial<
  Readonly<Record<'outcome' | 'cause' | 'amendment' | 'tie' | 'reasons', string>>
>;

export const needsCause = ({ outcome }: CaseDraft): boolean =>
  outcome === 'reversed' || outcome === 'finding';

export function missingOf({ batch }: Pick<ReviewCase, 'batch'>, draft: CaseDraft): Missing {
  const { outcome, cause, lesser, expires, detach, tie, reasons } = draft;
  const amends = lesser !== '' || expires !== '' || detach.length > 0;
  return {
    ...(outcome === '' ? { outcome: 'Choose one of the open outcomes.' } : {}),
    ...(needsCause(draft) && cause === '' ? { cause: 'Say why the record is wrong.' } : {}),
    ...(outcome === 'amended' && !amends ? { amendment: 'Say what the amendment changes.' } : {}),
    ...(batch.length > 1 && tie.trim() === ''
      ? { tie: 'Say what ties this creator to the evidence, or that nothing does.' }
      : {}),
    ...(reasons.trim() === '' ? { reasons: 'Write your reasons.' } : {}),
  };
}
