import type {
  EventType,
  HistoryCause,
  HistoryEvent,
  PauseCause,
  RecallKind,
  EntryDetail,
} from '@recourse/protocol';
import { caseOf } from '../vault/open-case.ts';
import type { CallContext, CaseServices } from '../context/context.ts';
import { reviewEchoes } from '../submissions/derived/review.ts';
import { emitToAll } from '../told/events/emit.ts';
import { issueRecalls, type Issued } from '../told/recalls/issue-recalls.ts';
import { suspensionsAt } from './life.rules.ts';
import { lifeOf } from './record.ts';
import {
  appendEvent,
  findSanction,
  insertSuspension,
  liftSuspensions,
  setVersion,
  type SanctionRow,
} from './store.ts';

/** What a transition works with: a call's context, or a job's. */
export type Acting = Pick<CallContext, 'db' | 'now' | 'changes'> & {
  readonly services: CaseServices;
};

/** A change of a sanction with the number of recalls that it owes. */
export interface Changed {
  readonly version: number;
  readonly recalls: number;
}

type StepType =
  | 'appeal-opened'
  | 'appeal-decided'
  | 'finding'
  | 'sanction-suspended'
  | 'sanction-reinstated'
  | 'sanction-amended'
  | 'sanction-ended';

/** The entry of a step, and what its detail says beside the next version and the cause. */
type StepEntry = {
  [T in StepType]: { type: T } & Omit<EntryDetail<T>, 'version' | 'cause' | 'effective'>;
}[StepType];

export interface Transition {
  /** Its line in the history */
  readonly event: HistoryEvent;
  readonly cause?: HistoryCause | undefined;
  readonly at: Date;
  readonly entry: StepEntry;
  /** None where nobody has to act on it */
  readonly recall?: RecallKind;
  readonly tell?: EventType;
}

/**
 * One step in the life of a locked sanction: its next version, its line in the history, its entry, a recall
 * for every platform that was told, and an event for all of them. A disclosure is written only under a share
 * lock, so no platform is told without being recalled.
 */
export async function makeTransition(
  acting: Acting,
  record: SanctionRow,
  transition: Transition,
): Promise<Changed> {
  const { db } = acting;
  const { event, cause, at, entry, tell } = transition;
  const version = record.version + 1;
  await setVersion(db, record.id, version);
  await appendEvent(db, { sanction: record.id, version, event, cause, at });
  const issued = await recallFor(acting, record, { ...transition, version });
  // A draft has no entry in the ledger that a change could belong to.
  if (record.submitted_at) {
    const { type, ...said } = entry;
    acting.changes.sanction(type, {
      ...(await caseOf(acting, record)),
      detail: { ...said, ...(cause === undefined ? {} : { cause }), version },
      effective: at,
      ...(issued ? { cause: 'early', recalls: issued.owed } : {}),
    });
  }
  if (tell) {
    const body = { version, ...(cause === undefined ? {} : { cause }) };
    const recalls = issued?.recalls ?? [];
    await emitToAll(acting, { record, type: tell, body, recalls });
  }
  if (transition.recall === 'undo') await reviewEchoes(acting, record);
  return { version, recalls: issued?.recalls.length ?? 0 };
}

async function recallFor(
  acting: Acting,
  record: SanctionRow,
  { recall: kind, version, at }: Transition & { readonly version: number },
): Promise<Issued | undefined> {
  if (!kind) return undefined;
  return issueRecalls(acting, record, { version, kind, toldBy: toldBy(kind, at, acting.now) });
}

/** Longer than an answer that was read before takes to be written. */
const longestReadMs = 60_000;

/**
 * Suspended and reinstated by time alone, it may have answered again before anybody wrote either down: whoever
 * was told then knows the record as it is. What ends it goes to everybody.
 */
function toldBy(kind: RecallKind, at: Date, now: Date): Date | undefined {
  if (kind === 'undo' || at >= now) return undefined;
  return kind === 'pause' ? new Date(at.getTime() + longestReadMs) : at;
}

export interface NewSuspension {
  readonly cause: PauseCause;
  readonly since: Date;
  /** Relief ends by itself */
  readonly until?: Date;
}

/** Adds a cause of suspension. Where another stands already nothing changes for anybody who was told. */
export async function suspend(
  acting: Acting,
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
    event: 'suspended',
    cause,
    at: since,
    entry: { type: 'sanction-suspended' },
    recall: 'pause',
    tell: 'sanction-suspended',
  });
}

/** Lifts causes of suspension. Reinstated when none is left, and everyone told is told. */
export async function lift(
  acting: Acting,
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
    event: 'reinstated',
    at: of.at,
    entry: { type: 'sanction-reinstated' },
    recall: 'correct',
    tell: 'sanction-reinstated',
  });
}
