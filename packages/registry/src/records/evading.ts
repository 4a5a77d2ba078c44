import { applyOwnSteps } from './apply-due-steps.ts';
import { endSanction, recordExpired } from './ending.ts';
import { lockRecord } from './lock-record.ts';
import { evadersOf } from './store.ts';
import type {
  Happenings,
  LockedRecord,
  RecordChange,
  TransitionContext,
} from './transition-context.ts';

/** network.ban-evasion ends when the evaded sanction ends. */
export const endEvaders = (
  ctx: TransitionContext,
  { record, at, ending: { kind, by } }: Happenings['endedEarly'],
): Promise<void> =>
  endEach(ctx, { evaded: record.id, at }, (evader) =>
    endSanction(ctx, evader, { kind, cause: 'evaded-ended', by, at }),
  );

export const expireEvaders = (
  ctx: TransitionContext,
  { record, at }: RecordChange,
): Promise<void> =>
  endEach(ctx, { evaded: record.id, at }, (evader) => recordExpired(ctx, evader, at));

/** Ends each evader. What fell due of it until then is written first, its own end among it. */
async function endEach(
  ctx: TransitionContext,
  { evaded, at }: { evaded: string; at: Date },
  end: (evader: LockedRecord) => Promise<unknown>,
): Promise<void> {
  for (const id of await evadersOf(ctx.db, evaded)) {
    const locked = await lockRecord(ctx, id);
    const evader = locked && (await applyOwnSteps(ctx, locked, at));
    if (evader && !evader.end_recorded) await end(evader);
  }
}
