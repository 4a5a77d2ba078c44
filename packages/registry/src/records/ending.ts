import type { RecordEnd } from './life.rules.ts';
import type {
  ChangeResult,
  RecordEnding,
  LockedRecord,
  RecordChange,
  TransitionContext,
} from './transition-context.ts';
import { insertEnd, liftSuspensions } from './store.ts';
import { nextVersion, react } from './transition.ts';

/**
 * Ends a live sanction early: the end, its next version, and a recall for every platform that was told of
 * an earlier one, in one transaction. The caller holds the lock from {@link lockRecord}. An appeal that is
 * open has reached what it asked for, and is closed.
 */
export async function endSanction(
  ctx: TransitionContext,
  record: LockedRecord,
  ending: RecordEnding,
): Promise<ChangeResult> {
  const { kind, cause, by, artefact = null, at = ctx.now, liftedAt = null } = ending;
  const end = { kind, cause, at, by_party: by, artefact, lifted_at: liftedAt };
  await insertEnd(ctx.db, { sanction: record.id, ...end });
  const version = await nextVersion(ctx.db, record, { event: 'ended', cause, at });
  return react(ctx, 'endedEarly', {
    record,
    version,
    cause,
    at,
    entry: { type: 'sanction-ended', kind, by },
    // Nobody was told of a draft.
    tell: record.submitted_at ? `sanction-${kind}` : undefined,
    ending,
  });
}

/** An end that came with time alone, written into the history. */
export async function recordEnded(
  ctx: TransitionContext,
  record: LockedRecord,
  ended: RecordEnd,
): Promise<void> {
  const { state, cause = 'undecided', at } = ended;
  if (state === 'expired') return recordExpired(ctx, record, at);
  const by = state === 'undecided' ? 'panel' : record.party;
  await endSanction(ctx, record, { kind: state, cause, by, at });
}

/** Everyone was told when it expires: it stays at its version. An open appeal goes on, to a finding. */
export async function recordExpired(
  ctx: TransitionContext,
  record: LockedRecord,
  at: Date,
): Promise<void> {
  await record.note({ event: 'ended', cause: 'expired', at });
  await react(ctx, 'expired', {
    record,
    version: record.version,
    at,
    entry: { type: 'sanction-ended', kind: 'expired' },
    tell: record.submitted_at ? 'sanction-expired' : undefined,
  });
}

/** An ended record is not suspended. */
export const liftAllSuspensions = async (
  { db }: TransitionContext,
  { record, at }: RecordChange,
): Promise<void> => void (await liftSuspensions(db, { sanction: record.id, at }));
