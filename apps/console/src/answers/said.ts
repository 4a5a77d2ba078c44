import type { InquiryAnswer, OpOutput, RecallAction, ReviewId } from '@recourse/protocol';
import { counted } from '../parts/words.ts';

/** What a desk says after an act, and where the next step is. */
export interface Said {
  readonly text: string;
  /** Green, unless nothing came of it */
  readonly tone?: 'wait';
  readonly next?: { readonly href: string; readonly text: string };
}

/** The record, person or match that an act was about, in words. */
export interface About {
  readonly whom: string;
}

// Facts of several sentences
export interface Owned {
  readonly sanction: string;
}
export interface Noticed {
  readonly noticeDueAt: string | Date;
}
export interface Recalled {
  readonly recalls: number;
}
export interface Delivered {
  readonly received: number;
  readonly missing: number;
}
export interface Answered {
  readonly answer: InquiryAnswer;
  readonly withdraw: boolean;
}
export interface Settled {
  readonly action: RecallAction;
  readonly open: number;
}

/** Days of the reader, and who stands in */
export interface Absent {
  /** The acting person, where absent */
  readonly whose: string | undefined;
  readonly days:
    | { readonly from: string; readonly until: string; readonly deputy: string }
    | undefined;
}

export interface Decided {
  readonly decided: OpOutput<'review.decide'> | 'received-before';
  /** Another case on the same evidence */
  readonly next: ReviewId | undefined;
}

/** What a recall means to whoever was told. */
export const undoing = (recalls: number): string =>
  recalls === 0
    ? 'No platform was told of it.'
    : `${counted(recalls, 'platform has', 'platforms have')} 72 hours to undo what they did.`;

export type Sentences = Readonly<Record<string, (facts: never) => Said>>;
