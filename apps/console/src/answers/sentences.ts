import { dayText } from '@recourse/design/instants';
import { counted } from '../parts/words.ts';

/** What a desk says after an act, and where the next step is. */
export interface Said {
  readonly text: string;
  readonly next?: { readonly href: string; readonly text: string };
}

/** The record, person or match that an act was about, in words. */
interface About {
  readonly whom: string;
}

/**
 * One sentence for every act of a desk: what happened, to whom, and what comes next. `useAct` takes a name of this
 * table and the facts of its sentence, so that no act without an answer compiles.
 */
export const sentences = {
  'draft confirmed': ({ whom, sanction, noticeDueAt }: About & Noticed) => ({
    text: `Confirmed: ${whom} is a record now. Tell the creator by ${dayText(noticeDueAt)}, or it is withdrawn.`,
    next: { href: `/trust/notice/${sanction}`, text: 'Send the notice' },
  }),
  'record withdrawn': ({ whom, recalls }: About & { readonly recalls: number }) => ({
    text: `Withdrawn: ${whom} answers no check any more. ${recalls === 0 ? 'No platform was told of it.' : `${counted(recalls, 'platform has', 'platforms have')} 72 hours to undo what they did.`}`,
  }),
  'draft returned': ({ whom }: About) => ({
    text: `Returned: ${whom} went back to its author, who reads your reason and may record it anew.`,
  }),
  'act countersigned': ({ whom, isDone }: About & { readonly isDone: boolean }) => ({
    text: isDone
      ? `Done: ${whom} is carried out, and stands in the public log.`
      : `Proposed: ${whom} was no longer waiting. It is proposed anew by you, and another operator has to sign it.`,
  }),
} satisfies Readonly<Record<string, (facts: never) => Said>>;

interface Noticed {
  readonly sanction: string;
  readonly noticeDueAt: string;
}

export type ActName = keyof typeof sentences;
export type FactsOf<A extends ActName> = Parameters<(typeof sentences)[A]>[0];
