import type { RecordEnd } from './life.rules.ts';
import type {
  ChangeResult,
  RecordEnding,
  Happenings,
  LockedRecord,
  RecordChange,
  TransitionContext,
} from './transition-context.ts';
import { lockRecord } from './lock-record.ts';
import { standingOf } from './record.ts';
import { evadersOf, insertEnd, liftSuspensions } from './store.ts';
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
  const { kind, cause, by, artefact = null, at = ctx.now } = ending;
  await insertEnd(ctx.db, { sanction: record.id, kind, cause, at, by_party: by, artefact });
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
  const by = cause === 'undecided' ? 'panel' : record.party;
  await endSanction(ctx, record, { kind: state, cause, by, at });
}

/** Everyone was told when it expires: it stays at its version. An open appeal goes on, to a finding. */
async function recordExpired(
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

/** network.ban-evasion ends when the evaded sanction ends. */
export async function endEvaders(
  ctx: TransitionContext,
  { record: evaded, at, ending }: Happenings['endedEarly'],
): Promise<void> {
  const { kind, by } = ending;
  for (const id of await evadersOf(ctx.db, evaded.id)) {
    const evader = await lockRecord(ctx, id);
    // Of itself: by what it evades, whose end is written already, it would always look ended.
    if (!evader || standingOf({ ...evader, evaded: null }, ctx.now).ended) continue;
    await endSanction(ctx, evader, { kind, cause: 'evaded-ended', by, at });
  }
}

export async function expireEvaders(
  ctx: TransitionContext,
  { record: evaded, at }: RecordChange,
): Promise<void> {
  for (const id of await evadersOf(ctx.db, evaded.id)) {
    const evader = await lockRecord(ctx, id);
    if (evader?.end_kind === null && !evader.end_recorded) await recordExpired(ctx, evader, at);
  }
}
