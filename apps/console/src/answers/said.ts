import type { InquiryAnswer, RecallAction } from '@recourse/protocol';

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

export type Sentences = Readonly<Record<string, (facts: never) => Said>>;
