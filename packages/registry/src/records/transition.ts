import type {
  EndCause,
  EntryDetail,
  EventType,
  HistoryCause,
  HistoryEvent,
  Id,
  PauseCause,
  RecallKind,
  WithdrawalCause,
} from '@recourse/protocol';
import type { Changes } from '../commit/changes.ts';
import type { Deadlines } from '../kernel/bounds.ts';
import type { Db } from '../kernel/database.ts';
import { caseOf } from '../vault/open-case.ts';
import type { Vault } from '../vault/vault.ts';
import { suspensionsAt, type EndKind } from './life.rules.ts';
import { lifeOf } from './record.ts';
import {
  appendEvent,
  findSanction,
  insertSuspension,
  liftSuspensions,
  setVersion,
  type SanctionRow,
} from './store.ts';

/** What a change of a record works with: a call's context, or a job's. */
export interface TransitionContext {
  readonly db: Db;
  readonly now: Date;
  readonly changes: Changes;
  readonly services: CaseServices;
}

/** What a change of a case takes, whoever makes it. */
export interface CaseServices {
  readonly vault: Vault;
  /** Deadlines of the rules, within their bounds */
  readonly deadlines: Deadlines;
  readonly random: (bytes: number) => Uint8Array;
  readonly reactions: Reactions;
}

type StepType =
  | 'appeal-opened'
  | 'appeal-decided'
  | 'finding'
  | 'sanction-suspended'
  | 'sanction-reinstated'
  | 'sanction-amended'
  | 'sanction-ended';

/** The entry of a step, and its detail without the version and the cause. */
type StepEntry = {
  [T in StepType]: { type: T } & Omit<EntryDetail<T>, 'version' | 'cause' | 'effective'>;
}[StepType];

/** A change of a locked record, once its rows and its history say so. */
export interface RecordChange {
  /** As it was before the change */
  readonly record: SanctionRow;
  /** After the change */
  readonly version: number;
  readonly cause?: HistoryCause | undefined;
  readonly at: Date;
  readonly entry: StepEntry;
  /** The event for everyone who was told */
  readonly tell?: EventType | undefined;
  /** What an earlier reaction found to be owed */
  readonly owed?: Owed | undefined;
}

/** The recalls that a change owes. */
export interface Owed {
  /** What the entry of the change says in clear */
  readonly sum: { readonly count: number; readonly root: string };
  readonly recalls: readonly OwedRecall[];
}

export interface OwedRecall {
  readonly id: Id<'rcl'>;
  readonly party: string;
  readonly kind: RecallKind;
  readonly due_at: Date;
}

/** How a record ended before it expired. */
export interface Ending {
  readonly kind: EndKind;
  readonly cause: EndCause;
  /** The party whose act, or whose missed deadline, it is */
  readonly by: string;
  /** The signed withdrawal or decision */
  readonly artefact?: string | undefined;
  /** Why the submitter conceded, where it did */
  readonly concession?: WithdrawalCause;
  /** The instant it ended where a deadline ended it; now where somebody did */
  readonly at?: Date;
}

/** What happens to a record, and what those who react to it are given. */
export interface Happenings {
  readonly suspended: RecordChange;
  readonly reinstated: RecordChange;
  readonly amended: RecordChange;
  readonly appealOpened: RecordChange;
  readonly appealClosed: RecordChange;
  /** It had ended, and is found to have been wrong. */
  readonly foundWrong: RecordChange;
  readonly endedEarly: RecordChange & { readonly ending: Ending };
  readonly expired: RecordChange;
}

/** Does one thing about a change, in its transaction. @returns what the change owes, where that is what it does */
export type Reaction<C extends RecordChange = RecordChange> = (
  ctx: TransitionContext,
  change: C,
) => Promise<Owed | void>;

/** Who does what about a change, in order: each one wholly, with the changes that it makes itself, before the next. */
export type Reactions = {
  readonly [H in keyof Happenings]: readonly Reaction<Happenings[H]>[];
};

/** A change of a record with the number of recalls that it owes. */
export interface Changed {
  readonly version: number;
  readonly recalls: number;
}

/** Says what happened to a locked record to those who react to it. */
export async function react<H extends keyof Happenings>(
  ctx: TransitionContext,
  happened: H,
  change: Happenings[H],
): Promise<Changed> {
  let owed: Owed | undefined;
  for (const reaction of ctx.services.reactions[happened]) {
    owed = (await reaction(ctx, { ...change, owed })) ?? owed;
  }
  return { version: change.version, recalls: owed?.recalls.length ?? 0 };
}

export interface Transition extends Pick<RecordChange, 'cause' | 'at' | 'entry' | 'tell'> {
  readonly happened: Exclude<keyof Happenings, 'endedEarly' | 'expired'>;
  /** Its line in the history */
  readonly event: HistoryEvent;
}

/**
 * One step in the life of a locked record: its next version, its line in the history, and whatever follows from it. A
 * disclosure is written only under a share lock, so no platform is told without being recalled.
 */
export async function makeTransition(
  ctx: TransitionContext,
  record: SanctionRow,
  { happened, event, ...step }: Transition,
): Promise<Changed> {
  const version = await nextVersion(ctx.db, record, { ...step, event });
  return react(ctx, happened, { record, version, ...step });
}

/** The next version of a record, and its line in the history. */
export async function nextVersion(
  db: Db,
  { id: sanction, version: before }: SanctionRow,
  { event, cause, at }: Pick<Transition, 'event' | 'cause' | 'at'>,
): Promise<number> {
  const version = before + 1;
  await setVersion(db, sanction, version);
  await appendEvent(db, { sanction, version, event, cause, at });
  return version;
}

/** The entry of a change. A draft has none in the ledger that a change could belong to. */
export const writeEntry: Reaction = async (ctx, { record, version, cause, at, entry, owed }) => {
  if (!record.submitted_at) return;
  const { type, ...said } = entry;
  const how = type === 'sanction-ended' && entry.kind === 'expired' ? 'expired' : 'early';
  ctx.changes.sanction(type, {
    ...(await caseOf(ctx, record)),
    detail: { ...said, ...(cause === undefined ? {} : { cause }), version },
    effective: at,
    ...(owed ? { cause: how, recalls: owed.sum } : {}),
  });
};

export interface NewSuspension {
  readonly cause: PauseCause;
  readonly since: Date;
  /** Relief ends by itself */
  readonly until?: Date;
}

/** Adds a cause of suspension. Where another stands already nothing changes for anybody who was told. */
export async function suspend(
  acting: TransitionContext,
  record: SanctionRow,
  { cause, since, until }: NewSuspension,
): Promise<Changed> {
  const { id: sanction, version } = record;
  const wasSuspended = record.open_suspensions.length > 0;
  await insertSuspension(acting.db, { sanction, cause, since, until: until ?? null });
  if (wasSuspended) {
    await appendEvent(acting.db, { sanction, version, event: 'suspended', cause, at: since });
    return { version, recalls: 0 };
  }
  return makeTransition(acting, record, {
    happened: 'suspended',
    event: 'suspended',
    cause,
    at: since,
    entry: { type: 'sanction-suspended' },
    tell: 'sanction-suspended',
  });
}

/** Lifts causes of suspension. Reinstated when none is left, and everyone told is told. */
export async function lift(
  acting: TransitionContext,
  record: SanctionRow,
  of: { causes: readonly PauseCause[]; at: Date },
): Promise<Changed> {
  const { id: sanction, version } = record;
  const unchanged = { version, recalls: 0 };
  const lifted = await liftSuspensions(acting.db, { sanction, ...of });
  if (lifted === 0) return unchanged;
  const after = await findSanction(acting.db, sanction);
  if (!after || suspensionsAt(lifeOf(after), of.at).length > 0) return unchanged;
  return makeTransition(acting, after, {
    happened: 'reinstated',
    event: 'reinstated',
    at: of.at,
    entry: { type: 'sanction-reinstated' },
    tell: 'sanction-reinstated',
  });
}
