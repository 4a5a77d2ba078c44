import { toNumericDate } from '@recourse/protocol';
import { emit } from '../../told/events/emit.ts';
import { standingOf } from '../../records/record.ts';
import type {
  LockedRecord,
  RecordChange,
  TransitionContext,
} from '../../records/transition-context.ts';
import { lockRecord } from '../../records/lock-record.ts';
import { reviewFrom } from '../../records/echo.rules.ts';
import { insertReview, unreviewedEchoesOf } from './store.ts';

/**
 * When the first falls, its echoes get `echo-review`. It falls by whatever those who were told undo: a reversal, a
 * finding, a withdrawal of any kind; not by its expiry. The caller holds its lock, so no echo is made meanwhile.
 */
export async function reviewEchoes(
  ctx: TransitionContext,
  { record: fallen }: RecordChange,
): Promise<void> {
  for (const id of await unreviewedEchoesOf(ctx.db, fallen.id)) {
    const echo = await lockRecord(ctx, id);
    if (echo && !standingOf(echo, ctx.now).ended) await beginReview(ctx, echo);
  }
}

/** Starts the clocks of one echo, in its history and for its platform alone: who made the first record hears nothing. */
export async function beginReview(ctx: TransitionContext, echo: LockedRecord): Promise<void> {
  const { db, now } = ctx;
  const { id: sanction, party, version } = echo;
  const { dueAt, endsAt } = reviewFrom(now);
  if (!(await insertReview(db, { echo: sanction, startedAt: now, dueAt, endsAt }))) return;
  await echo.note({
    event: 'echo-review',
    entry: 'echo-review',
    detail: { version, dueAt: toNumericDate(dueAt), endsAt: toNumericDate(endsAt) },
    party,
  });
  const body = { version, dueAt: toNumericDate(dueAt) };
  await emit(ctx, { party, type: 'echo-review', sanction, body });
}
