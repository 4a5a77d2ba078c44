import type { Issue, RecourseErrorCode } from '@recourse/sdk';
import type { Intent, IntentKind, IntentResult, SignedIntent } from '../orders/intent.ts';

/** Why the last attempt failed, by code; never a value of the order. */
export interface Trouble {
  readonly code: RecourseErrorCode;
  readonly title: string;
  readonly next: string;
  readonly issues?: readonly Issue[];
  readonly link?: string | undefined;
}

interface Common {
  readonly id: string;
  /** The order in which intents were taken */
  readonly seq: number;
  /** Of the service: the same idem is the same intent */
  readonly idem: string;
  /** H(JCS(intent)): the same idem with another order is a mistake */
  readonly hash: string;
  readonly kind: IntentKind;
  readonly takenAt: string;
}

/**
 * One intent as it is kept. States: waiting, then done or refused; a refused one may be put back by hand. The order goes
 * when it is done: it names a person.
 */
export type Entry =
  | (Common & {
      readonly state: 'waiting';
      readonly intent: Intent;
      readonly signed?: SignedIntent | undefined;
    })
  | (Common & { readonly state: 'done'; readonly endedAt: string; readonly result: IntentResult })
  | (Common & {
      readonly state: 'refused';
      readonly endedAt: string;
      readonly intent: Intent;
      readonly signed?: SignedIntent | undefined;
      readonly trouble: Trouble;
    });

export type WaitingEntry = Extract<Entry, { state: 'waiting' }>;
export type DoneEntry = Extract<Entry, { state: 'done' }>;
export type RefusedEntry = Extract<Entry, { state: 'refused' }>;

const commonOf = ({ id, seq, idem, hash, kind, takenAt }: Entry): Common => ({
  id,
  seq,
  idem,
  hash,
  kind,
  takenAt,
});

export const doneWith = (
  entry: WaitingEntry,
  result: IntentResult,
  endedAt: string,
): DoneEntry => ({
  ...commonOf(entry),
  state: 'done',
  endedAt,
  result,
});

export const refusedBy = (
  entry: WaitingEntry,
  trouble: Trouble,
  endedAt: string,
): RefusedEntry => ({
  ...commonOf(entry),
  state: 'refused',
  endedAt,
  intent: entry.intent,
  signed: entry.signed,
  trouble,
});

/** Put back by hand: as if it had never been tried, but what was signed for it stays signed. */
export const putBack = (entry: RefusedEntry): WaitingEntry => ({
  ...commonOf(entry),
  state: 'waiting',
  intent: entry.intent,
  signed: entry.signed,
});

const keptDays = 30;

/** The registry remembers an idempotency key as long; what ended longer ago is erased. */
export const isOver = (entry: Entry, now: Date): boolean =>
  entry.state !== 'waiting' && now.getTime() - Date.parse(entry.endedAt) > keptDays * 86_400_000;
