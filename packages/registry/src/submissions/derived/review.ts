import { toNumericDate } from '@recourse/protocol';
import { caseOf } from '../../vault/open-case.ts';
import { emit } from '../../told/events/emit.ts';
import { standingOf } from '../../records/record.ts';
import { appendEvent, lockSanction } from '../../records/store.ts';
import { reviewFrom } from '../../records/echo.rules.ts';
import type { RecordChange, TransitionContext } from '../../records/transition.ts';
import { insertReview, unreviewedEchoesOf } from './store.ts';

/**
 * When the first falls, its echoes get `echo-review`. It falls by whatever those who were told undo: a reversal, a
 * finding, a withdrawal of any kind; not by its expiry. The caller holds its lock, so no echo is made meanwhile.
 */
export async function reviewEchoes(
  acting: TransitionContext,
  { record: fallen }: RecordChange,
): Promise<void> {
  for (const id of await unreviewedEchoesOf(acting.db, fallen.id)) {
    const echo = await lockSanction(acting.db, id);
    if (echo && !standingOf(echo, acting.now).ended) await beginReview(acting, echo);
  }
}

/** Starts the clocks of one echo, in its history and for its platform alone: who made the first record hears nothing. */
export async function beginReview(
  acting: TransitionContext,
  echo: { id: string; party: string; version: number },
): Promise<void> {
  const { db, now } = acting;
  const { id: sanction, party, version } = echo;
  const { dueAt, endsAt } = reviewFrom(now);
  if (!(await insertReview(db, { echo: sanction, startedAt: now, dueAt, endsAt }))) return;
  await appendEvent(db, { sanction, version, event: 'echo-review', at: now });
  acting.changes.sanction('echo-review', {
    ...(await caseOf(acting, echo)),
    detail: { version, dueAt: toNumericDate(dueAt), endsAt: toNumericDate(endsAt) },
    party,
  });
  const body = { version, dueAt: toNumericDate(dueAt) };
  await emit(acting, { party, type: 'echo-review', sanction, body });
}
