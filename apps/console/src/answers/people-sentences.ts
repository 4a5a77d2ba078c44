import { dayText, instantText } from '@recourse/design/instants';
import { counted } from '../parts/words.ts';
import { instantOf } from '../parts/local-time.ts';
import type { About, Absent, Sentences } from './said.ts';

/** What every desk says after acts on keys and people. */
export const peopleSentences = {
  'key added': ({ whom, activeFrom }: About & { readonly activeFrom: string }) => ({
    text: `Added: the key ${whom} signs for your party from ${instantText(activeFrom)}.`,
  }),
  'key revoked': ({ whom, suspended }: About & { readonly suspended: number }) => ({
    text: `Revoked: the key ${whom} signs nothing any more.${suspended === 0 ? '' : ` ${counted(suspended, 'record that it signed is', 'records that it signed are')} suspended.`}`,
  }),
  'person named': ({ whom, name }: About & { readonly name: string | undefined }) => ({
    text:
      name === undefined
        ? `Taken away: the name of ${whom}. Your colleagues see the key alone.`
        : `Named: ${name}. Your colleagues see it wherever this person did something.`,
  }),
  'rows given': ({ rows, to }: { readonly rows: number; readonly to: string | undefined }) => ({
    text: givenText(counted(rows, 'row is', 'rows are'), to),
  }),
  'comment kept': ({ whom, isThere }: About & { readonly isThere: boolean }) => ({
    text: isThere
      ? `Kept: your comment on ${whom}. Your colleagues read it here.`
      : `Taken away: the comment on ${whom}.`,
  }),
  'absence kept': ({ whose, days }: Absent) => ({
    text: days
      ? `Kept: ${days.deputy} ${days.deputy === 'you' ? 'have' : 'has'} ${whose === undefined ? 'your rows' : `the rows of ${whose}`} from ${dayText(instantOf(days.from))} to ${dayText(instantOf(days.until))}.`
      : `Ended: ${whose === undefined ? 'your rows are yours' : `the rows of ${whose} are theirs`} again.`,
  }),
  'person invited': ({ whom, expiresAt }: About & { readonly expiresAt: string }) => ({
    text: `Made: an invite for ${whom}. Hand its link to that person by ${dayText(expiresAt)}. It works once.`,
  }),
} satisfies Sentences;

function givenText(rows: string, to: string | undefined): string {
  if (to === 'me') return `Taken: ${rows} yours. Your colleagues see it in their inbox.`;
  if (to === undefined)
    return `Given back: ${rows} nobody’s. A colleague may take what you gave back.`;
  return `Given: ${rows} with ${to}, who sees it in their inbox.`;
}
