import type { OpOutput } from '@recourse/protocol';
import { counted } from '../parts/words.ts';

type Left = NonNullable<OpOutput<'parties.standing'>['records']>;

/** A colleague still confirms what nobody may sign alone; in probation nobody may. */
export const isDraftOnly = ({ left, leftInProbation = 1 }: Left): boolean =>
  left === 0 && leftInProbation > 0;

/** What a platform may still record. */
export function leftText({ limit, left, leftInProbation }: Left): string {
  if (leftInProbation === 0) {
    return 'Your platform is in probation, and its records of today are used up. Each comes back 24 hours after it was made.';
  }
  const most = leftInProbation === undefined ? left : Math.min(left, leftInProbation);
  if (most === 0) {
    return `The ${counted(limit, 'record', 'records')} a day that one person makes alone are used up: a colleague confirms what you draft. Each comes back 24 hours after it was made.`;
  }
  return `Your platform may make ${counted(most, 'record', 'records')} more today. ${beyond(leftInProbation)} Each comes back 24 hours after it was made.`;
}

/** What will become of the rows of a file; nothing where each is recorded. */
export function fittingText(ready: number, { left, leftInProbation = Infinity }: Left): string {
  const inAll = Math.min(ready, leftInProbation);
  const alone = Math.min(inAll, left);
  if (ready === 0 || alone === ready) return '';
  const parts = [
    `${counted(alone, 'row fits', 'rows fit')} today.`,
    inAll > alone
      ? `${counted(inAll - alone, 'row becomes a draft', 'rows become drafts')} that a colleague confirms.`
      : '',
    ready > inAll
      ? `${counted(ready - inAll, 'row is', 'rows are')} refused, since your platform is in probation: send what is left tomorrow.`
      : '',
  ];
  return parts.filter(Boolean).join(' ');
}

const beyond = (leftInProbation: number | undefined): string =>
  leftInProbation === undefined
    ? 'Beyond that a colleague confirms each.'
    : 'It is in probation: nobody can raise that.';
