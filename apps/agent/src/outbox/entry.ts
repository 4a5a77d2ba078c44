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
  /** Given by the service: the same idem is the same intent */
  readonly idem: string;
  /** H(JCS(intent)): the same idem with another order is a mistake */
  readonly hash: string;
  readonly kind: IntentKind;
  readonly takenAt: string;
}

interface Ordered extends Common {
  readonly intent: Intent;
  readonly signed?: SignedIntent | undefined;
}

/**
 * One intent as it is kept. States: waiting, then done or refused; a refused one may be put back by hand. The order goes
 * when it is done: it names a person.
 */
export type Entry =
  | (Ordered & { readonly state: 'waiting' })
  | (Common & { readonly state: 'done'; readonly endedAt: string; readonly result: IntentResult })
  | (Ordered & { readonly state: 'refused'; readonly endedAt: string; readonly trouble: Trouble });

export type WaitingEntry = Extract<Entry, { state: 'waiting' }>;
export type DoneEntry = Extract<Entry, { state: 'done' }>;
export type RefusedEntry = Extract<Entry, { state: 'refused' }>;

/** Without the order, and what was signed for it. */
export const doneWith = (
  { intent: _intent, signed: _signed, ...entry }: WaitingEntry,
  result: IntentResult,
  endedAt: string,
): DoneEntry => ({ ...entry, state: 'done', endedAt, result });

export const refusedBy = (
  entry: WaitingEntry,
  trouble: Trouble,
  endedAt: string,
): RefusedEntry => ({ ...entry, state: 'refused', endedAt, trouble });

/** Put back by hand: as if it had never been tried, but what was signed for it stays signed. */
export const putBack = ({
  endedAt: _endedAt,
  trouble: _trouble,
  ...entry
}: RefusedEntry): WaitingEntry => ({ ...entry, state: 'waiting' });

const keptDays = 30;

/** The registry remembers an idempotency key as long; what ended longer ago is erased. */
export const isOver = (entry: Entry, now: Date): boolean =>
  entry.state !== 'waiting' && now.getTime() - Date.parse(entry.endedAt) > keptDays * 86_400_000;
