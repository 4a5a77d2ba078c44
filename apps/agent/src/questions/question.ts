import type { Advice, Id } from '@recourse/protocol';
import type { CheckResult } from '@recourse/sdk';
import type { KeptCheckOrder } from '../orders/schemas.ts';
import type { Trouble } from '../outbox/entry.ts';

const hourMs = 3_600_000;

/** A proof is asked about for so long; what nobody could ask about until then is not asked. */
export const proofMs = 24 * hourMs;
/** The same question is the same for so long. */
export const keptMs = 90 * 24 * hourMs;

/** What is kept of an answer: what to look at, never why, by whom or in which words, since a recall could not reach that. */
export interface QuestionResult {
  readonly advice: Advice;
  readonly check?: Id<'chk'> | undefined;
  readonly validUntil: string;
  readonly matches: readonly {
    readonly match: Id<'mat'>;
    readonly advice: Advice;
    /** Kind of the identifier that matched */
    readonly identifier: string;
  }[];
}

interface Common {
  readonly id: string;
  readonly purpose: KeptCheckOrder['purpose'];
  /** Own reference of the person or account */
  readonly ref: string;
  readonly takenAt: string;
  /** 24 h after the proof */
  readonly askUntil: string;
}

/**
 * A question that is kept until the registry answered it.
 * - `waiting`: it is asked again and again. `trouble` says why the last attempt failed, since the start
 * - `answered`
 * - `not-asked`: the proof grew older than 24 h before anybody could answer
 * - `refused`: the registry, or the SDK, will never take it
 *
 * Identifiers are kept, sealed, while it waits, and erased with its end.
 */
export type Question =
  | (Common & { readonly state: 'waiting'; readonly trouble?: Trouble | undefined })
  | (Common & {
      readonly state: 'answered';
      readonly endedAt: string;
      readonly result: QuestionResult;
    })
  | (Common & { readonly state: 'not-asked'; readonly endedAt: string })
  | (Common & { readonly state: 'refused'; readonly endedAt: string; readonly trouble: Trouble });

export type EndedQuestion = Exclude<Question, { state: 'waiting' }>;

/** Until when it may be asked. */
export const askUntil = (order: KeptCheckOrder, now: Date): Date =>
  new Date((order.provenAt === undefined ? now.getTime() : Date.parse(order.provenAt)) + proofMs);

export const resultOf = ({
  advice,
  check,
  validUntil,
  matches,
}: Exclude<CheckResult, { advice: 'unavailable' }>): QuestionResult => ({
  advice,
  check,
  validUntil: validUntil.toISOString(),
  matches: matches.map((match) => ({
    match: match.match,
    advice: match.advice,
    identifier: match.identifier,
  })),
});

/** Tells a service that a question ended; its id stays the same however often it comes. */
export interface QuestionEvent {
  readonly id: `check-${string}`;
  readonly type: 'check-ended';
  readonly at: Date;
  readonly body: Pick<EndedQuestion, 'purpose' | 'ref' | 'state'> & {
    /** At /checks/{question} */
    readonly question: string;
    readonly advice?: QuestionResult['advice'];
    readonly check?: Id<'chk'> | undefined;
    readonly matches?: readonly Id<'mat'>[];
  };
}

export const eventOf = (question: EndedQuestion): QuestionEvent => ({
  id: `check-${question.id}`,
  type: 'check-ended',
  at: new Date(question.endedAt),
  body: {
    question: question.id,
    purpose: question.purpose,
    ref: question.ref,
    state: question.state,
    ...(question.state === 'answered' ? toldOf(question.result) : {}),
  },
});

const toldOf = ({ advice, check, matches }: QuestionResult) => ({
  advice,
  check,
  matches: matches.map(({ match }) => match),
});
