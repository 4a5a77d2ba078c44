import type { CaseView, ClaimantAct } from '@recourse/protocol';
import type { Drawing } from './forms.ts';

/** The pages of a case, in the order of their menu. */
export const caseParts = ['record', 'appeal', 'told', 'access'] as const;
export type CasePart = (typeof caseParts)[number];

/** A case as a page shows it, with the secret that opened it. */
export interface ShownCase extends Drawing {
  readonly view: CaseView;
  readonly secret: string;
  readonly part: CasePart;
  /** The registry sends mails */
  readonly hasMail: boolean;
  /** Act that was just done, said first */
  readonly said?: string;
}

/** Tells whether the reader has a key of their own. A code only reads. */
export const acts = ({ view }: ShownCase): boolean => view.access !== 'code';

/** Gives up what is their own: nobody does that for a claimant. */
export const isInPerson = (shown: ShownCase): boolean =>
  acts(shown) && shown.view.access !== 'representative';

/** Marks a form to be signed by the key that this claimant entered with, where they made one. */
export const signing = (
  { view }: Pick<ShownCase, 'view'>,
  act: ClaimantAct,
): { signs?: { act: ClaimantAct; sanction: CaseView['sanction']; kid: string } } =>
  view.signingKey === undefined
    ? {}
    : { signs: { act, sanction: view.sanction, kid: view.signingKey } };

/** They came by a phone, and say first since when the number is theirs. */
export const mustSay = ({ view }: ShownCase): boolean => view.hidden === 'until-said';

export const mayAppeal = (shown: ShownCase): boolean =>
  shown.view.mayAppealUntil !== undefined && acts(shown) && !mustSay(shown);

/** The last appeal was dismissed: another reviewer may be asked to look at it, once. */
export const mayReopen = (shown: ShownCase): boolean =>
  shown.view.mayReopen === true && acts(shown) && !mustSay(shown);

/** An open appeal takes more grounds, of who opened it as well. */
export const mayJoin = (shown: ShownCase): boolean =>
  acts(shown) && openAppealOf(shown) !== undefined && !mustSay(shown);

export const openAppealOf = ({ view }: ShownCase): CaseView['appeals'][number] | undefined =>
  view.appeals.find(({ state }) => state === 'open');
