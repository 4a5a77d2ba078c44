import { peopleSentences } from './people-sentences.ts';
import { reviewSentences } from './review-sentences.ts';
import type { About, Sentences } from './said.ts';
import { trustSentences } from './trust-sentences.ts';

/**
 * One sentence for every act of a desk: what happened, to whom, and what comes next. `useAct` takes a name of this
 * table and the facts of its sentence, so that no act without an answer compiles.
 */
export const sentences = {
  ...trustSentences,
  ...reviewSentences,
  ...peopleSentences,
  'act countersigned': ({ whom, isDone }: About & { readonly isDone: boolean }) => ({
    text: isDone
      ? `Done: ${whom} is carried out, and stands in the public log.`
      : `Proposed: ${whom} was no longer waiting. It is proposed anew by you, and another operator has to sign it.`,
  }),
} satisfies Sentences;

export type ActName = keyof typeof sentences;
export type FactsOf<A extends ActName> = Parameters<(typeof sentences)[A]>[0];
