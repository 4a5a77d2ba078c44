import type { CaseView } from '@recourse/protocol';
import type { Drawing } from './forms.ts';

/** A case as a page shows it, with the secret that opened it. */
export interface ShownCase extends Drawing {
  readonly view: CaseView;
  readonly secret: string;
  /** What was just done, said first */
  readonly said?: string;
}

export const isHolder = ({ view }: ShownCase): boolean => view.access === 'holder';

/** Whoever holds the case, and whom they gave access: they read it whole, answer and appeal. */
export const acts = ({ view }: ShownCase): boolean =>
  view.access !== 'code' && view.access !== 'found';

/** Withdraws and has erased: the holder, or the guardian of a minor. */
export const disposes = ({ view }: ShownCase): boolean =>
  view.access === 'holder' || view.access === 'guardian';

/** Whoever holds the case, or has found one that nobody holds: appealing, they hold it from then on. */
export const mayAppeal = (shown: ShownCase): boolean =>
  shown.view.mayAppealUntil !== undefined &&
  (acts(shown) || (shown.view.access === 'found' && !shown.view.claimed));

/** The last appeal was dismissed: another reviewer may be asked to look at it, once. */
export const mayReopen = (shown: ShownCase): boolean =>
  shown.view.mayReopen === true && acts(shown);

/** Somebody with the notice was first; whoever proves an identifier is believed more. */
export const mayContest = ({ view }: ShownCase): boolean =>
  view.access === 'found' && view.claimed?.way === 'code';

export const openAppealOf = ({ view }: ShownCase): CaseView['appeals'][number] | undefined =>
  view.appeals.find(({ state }) => state === 'open');
