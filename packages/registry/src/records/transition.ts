import type { PauseCause } from '@recourse/protocol';
import type { Db } from '../kernel/database.ts';
import { suspensionsAt } from './life.rules.ts';
import { lifeOf } from './record.ts';
import {
  appendEvent,
  insertSuspension,
  liftSuspensions,
  setVersion,
  type SanctionRow,
} from './store.ts';
import type {
  ChangeResult,
  Happenings,
  LockedRecord,
  OwedRecalls,
  Reaction,
  Transition,
  TransitionContext,
} from './transition-context.ts';

/** Says what happened to a locked record to those who react to it. */
export async function react<H extends keyof Happenings>(
  ctx: TransitionContext,
  happened: H,
  change: Happenings[H],
): Promise<ChangeResult> {
  let owed: OwedRecalls | undefined;
  for (const reaction of ctx.services.reactions[happened]) {
    owed = (await reaction(ctx, { ...change, owed })) ?? owed;
  }
  return { version: change.version, recalls: owed?.recalls.length ?? 0 };
}

/**
 * One step in the life of a locked record: its next version, its line in the history, and whatever follows from it. A
 * disclosure is written only under a share lock, so no platform is told without being recalled.
 */
export async function makeTransition(
  ctx: TransitionContext,
  record: LockedRecord,
  { happened, event, ...step }: Transition,
): Promise<ChangeResult> {
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
    sanction: record.id,
    caseKey: record.key(),
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
  ctx: TransitionContext,
  record: LockedRecord,
  { cause, since, until }: NewSuspension,
): Promise<ChangeResult> {
  const wasSuspended = record.open_suspensions.length > 0;
  await insertSuspension(ctx.db, { sanction: record.id, cause, since, until: until ?? null });
  if (wasSuspended) {
    await record.note({ event: 'suspended', cause, at: since });
    return { version: record.version, recalls: 0 };
  }
  return record.transition({
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
  ctx: TransitionContext,
  record: LockedRecord,
  lifting: { causes: readonly PauseCause[]; at: Date },
): Promise<ChangeResult> {
  const { id: sanction, version } = record;
  const unchanged = { version, recalls: 0 };
  const lifted = await liftSuspensions(ctx.db, { sanction, ...lifting });
  if (lifted === 0) return unchanged;
  const after = await record.refresh();
  if (suspensionsAt(lifeOf(after), lifting.at).length > 0) return unchanged;
  return after.transition({
    happened: 'reinstated',
    event: 'reinstated',
    at: lifting.at,
    entry: { type: 'sanction-reinstated' },
    tell: 'sanction-reinstated',
  });
}
