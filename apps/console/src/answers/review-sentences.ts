import { dayText, instantText } from '@recourse/design/instants';
import { words } from '../parts/words.ts';
import {
  undoing,
  type About,
  type Decided,
  type Recalled,
  type Said,
  type Sentences,
} from './said.ts';

/** What the review desk says after its acts. */
export const reviewSentences = {
  'case taken': ({ whom, dueAt }: About & { readonly dueAt: string }) => ({
    text: `Yours: ${whom}. Decide it by ${dayText(dueAt)}.`,
  }),
  'case given back': ({ whom }: About) => ({
    text: `Given back: ${whom} goes to somebody else, and does not come back to you.`,
  }),
  'creator asked': ({ whom, ...due }: About & { answerDueAt: string; decisionDueAt: string }) => ({
    text: `Sent in ${whom}: the creator has until ${instantText(due.answerDueAt)} to answer. You decide by ${dayText(due.decisionDueAt)}.`,
  }),
  'relief decided': ({ whom, until, recalls }: About & Recalled & { until: string | null }) => ({
    text:
      until === null
        ? `Refused: the record of ${whom} goes on answering while you look.`
        : `Suspended: the record of ${whom} answers no check until ${dayText(until)}. ${undoing(recalls)}`,
  }),
  'evidence confirmed': ({ whom }: About) => ({
    text: `Confirmed for ${whom}: every item opens and fits. The outcomes that need it are open now.`,
  }),
  'evidence destroyed': ({ whom, evidenceDueAt }: About & { evidenceDueAt: string }) => ({
    text: `Destroyed: ${whom}. The platform has until ${instantText(evidenceDueAt)} to deliver another.`,
  }),
  'evidence disputed': ({ whom }: About) => ({
    text: `Disputed: ${whom}. The browser of another reviewer compares it next.`,
  }),
  'dispute settled': ({ whom, fits }: About & { readonly fits: boolean | undefined }) => ({
    text: `Compared: ${whom}. ${fits === false ? 'It does not fit. It is destroyed, and the platform delivers another.' : fits ? 'It fits. The dispute is void.' : 'The key that was shown opens nothing. The dispute is void.'}`,
  }),
  'case decided': ({ whom, decided, next }: About & Decided): Said => ({
    text: decisionText(whom, decided),
    next:
      next === undefined
        ? queue
        : { href: `/review/cases/${next}`, text: 'Next case on the same evidence' },
  }),
  'vote cast': ({ whom, isLast }: About & { readonly isLast: boolean }) => ({
    text: `Voted: ${whom}. ${isLast ? 'Every vote is in.' : 'The others vote blind to you, and nothing changes before the last.'}`,
    next: queue,
  }),
} satisfies Sentences;

const queue = { href: '/review/queue', text: 'Back to the queue' };

function decisionText(whom: string, decided: Decided['decided']): string {
  if (decided === 'received-before') {
    return `Arrived: the registry has your decision about ${whom}, from when you sent it first.`;
  }
  const { state, outcome, recalls } = decided;
  return state === 'awaiting-another'
    ? `Sent: your decision about ${whom} is in. Another reviewer decides too, and nothing happens before.`
    : `Decided: ${words(outcome ?? state)}. This closes ${whom}.${recalls === 0 ? '' : ` ${undoing(recalls)}`}`;
}
