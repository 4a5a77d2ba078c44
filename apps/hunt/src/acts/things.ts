import type {
  CountedCase,
  DisputeAnswer,
  Id,
  IdentifierKind,
  InquiryQuestion,
  ReviewId,
  SealingKey,
} from '@recourse/protocol';

/** What acts make, and later acts refer to. */
export interface Things {
  readonly record: RecordMade;
  /** Waits for a second holder */
  readonly draft: { readonly sanction: Id<'snc'>; readonly submitter: string };
  /** Opens a case: handed out by the platform, or sent to an address */
  readonly code: { readonly code: string };
  readonly claimant: {
    readonly key: string;
    readonly sanction: Id<'snc'>;
    readonly way: Way;
  };
  readonly appeal: { readonly appeal: Id<'apl'>; readonly sanction: Id<'snc'> };
  /** A reviewer has it, with or without a key to seal evidence to */
  readonly seat: {
    readonly appeal: ReviewId;
    readonly sanction: Id<'snc'>;
    readonly by: string;
  };
  readonly question: {
    readonly question: Id<'qst'>;
    readonly sanction: Id<'snc'>;
  };
  readonly check: {
    readonly check: Id<'chk'>;
    readonly identifiers: readonly Located[];
  };
  readonly match: {
    readonly match: Id<'mat'>;
    readonly sanction: Id<'snc'>;
    readonly token: string;
  };
  readonly inquiry: {
    readonly question: Id<'qst'>;
    readonly sanction: Id<'snc'>;
    readonly asks: InquiryQuestion;
  };
  readonly recall: { readonly recall: Id<'rcl'>; readonly kind: string };
  readonly find: {
    readonly find: Id<'fnd'>;
    readonly identifier: string;
    readonly code?: string;
  };
  readonly ticket: { readonly secret: string };
  readonly invite: { readonly code: string };
  /** Whom a claimant let in, by its place in the case */
  readonly access: { readonly key: string; readonly place: number };
  /** What journals and books of a platform are sealed to, and the trust key that it is of */
  readonly sealing: { readonly key: SealingKey; readonly kid: string };
  readonly contact: { readonly key: string; readonly code: string };
  readonly news: { readonly stop: string };
  readonly item: {
    readonly item: Id<'itm'>;
    readonly kind: string;
    readonly cases?: readonly CountedCase[];
  };
  readonly message: { readonly id: string; readonly to: string };
  readonly dispute: { readonly appeal: ReviewId; readonly item: number };
  readonly call: { readonly jti: string };
}

export type Noun = keyof Things;
export type Way = 'handed' | 'delivered' | 'proof' | 'ticket' | 'invited';

export interface Located {
  readonly kind: IdentifierKind;
  readonly value: string;
}

export interface RecordMade {
  readonly sanction: Id<'snc'>;
  readonly submitter: string;
  /** The person whom it is about */
  readonly about: string;
  readonly subjects: readonly Located[];
  /** Whoever owns one of its identifiers */
  readonly owners: readonly string[];
  readonly reason: string;
  readonly evidence: number;
  readonly exp: number;
  readonly decidedAt: number;
}

/** What a call of an act came to: the status of its last answer, and a code where it was refused. */
export interface Came {
  readonly accepted: boolean;
  readonly code: string;
  /** What the answer said, of an operation */
  readonly result?: unknown;
}

/** One thing, named by the act that made it. */
export interface Thing<N extends Noun = Noun> {
  /** `<act>/<noun>/<which>`: never an index over all, so that a shorter history still names it */
  readonly id: string;
  readonly noun: N;
  /** Who knows it, where it is a secret */
  readonly holder: string | null;
  readonly value: Things[N];
}

export const disputeWords: readonly DisputeAnswer[] = ['fits', 'does-not-fit', 'does-not-open'];
