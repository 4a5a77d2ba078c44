import { isSpeech, needsTwoReviewers, type AppealGround, type Id } from '@recourse/protocol';
import { refusal } from '../kernel/refusal.ts';
import { reasonOf } from '../records/record.ts';
import type { SanctionRow } from '../records/store.ts';
import type { LockedRecord, TransitionContext } from '../records/transition-context.ts';
import { placeOf } from '../vault/vault.ts';
import { assignmentDeadlines, isBound, isReasonTold } from './appeal.rules.ts';
import { insertJoin, joinedIn, lotBytes, waysOfClaimant } from './join-store.ts';
import { earlierOf, keepsHeld } from './open-appeal.ts';
import { findAppeal, firstBeside, speedUp, type AppealRow } from './store.ts';

export interface AppealJoin {
  readonly appeal: Id<'apl'>;
  readonly claimant: string;
  readonly ground: AppealGround;
  readonly words: string;
}

/**
 * A claimant joins an open appeal with a further ground and words of their own. No deadline moves; `expression` starts its
 * own two and three days.
 * @throws Problem `state-conflict` where they gave that ground before
 */
export async function joinAppeal(
  ctx: TransitionContext,
  record: LockedRecord,
  joining: AppealJoin,
): Promise<AppealRow> {
  const { db, now: at, services } = ctx;
  const { appeal, claimant, ground, words } = joining;
  const { id: sanction } = record;
  const before = await joinedIn(db, { sanction, claimant });
  if (before.some((join) => join.appeal === appeal && join.ground === ground)) {
    throw refusal('state-conflict', 'ground', 'already-joined');
  }
  const ways = await waysOfClaimant(db, { claimant, now: at });
  const keeps = await keepsHeld(ctx, record, ways);
  const sealed = record.key().sealText(words, placeOf('appeal_joins.words', joining));
  const join = { appeal, sanction, claimant, ground, words: sealed, at, keeps_until: keeps };
  await insertJoin(db, { lot: services.random(lotBytes), opens: false }, join);
  await speed(ctx, record, { ...joining, ways, keeps });
  await record.note({ event: 'appeal-joined' });
  return (await findAppeal(db, appeal))!;
}

/**
 * Speech is looked at sooner and by two; what one new way joins, a late decision suspends, and its reason is not told. Who
 * joins keeps a held record held for days of their own.
 */
async function speed(
  { db, now, services }: TransitionContext,
  record: SanctionRow,
  { appeal: id, ground, ways, keeps }: AppealJoin & Joining,
): Promise<void> {
  const appeal = (await findAppeal(db, id))!;
  const reason = reasonOf(record);
  const of = { openedAt: now, ground, reason };
  const { assignmentDueAt, reliefDueAt } = assignmentDeadlines(of, services.deadlines);
  const reviewers = needsTwoReviewers({ reason, age: record.age, ground }) ? 2 : 1;
  const earlier = await earlierOf(db, { sanction: record.id, ways });
  const beginsRelief = reliefDueAt !== null && appeal.relief_due_at === null;
  const beside = beginsRelief ? await firstBeside(db, { sanction: record.id, now }) : undefined;
  await speedUp(db, id, {
    bound: appeal.bound && isBound(earlier, ways),
    reason_told: appeal.reason_told && isReasonTold(earlier, ways),
    keeps_until: latest(appeal.keeps_until, keeps),
    reviewers: Math.max(appeal.reviewers, reviewers),
    speech: appeal.speech || isSpeech(of),
    together: appeal.together || beside !== undefined,
    relief_due_at: beginsRelief ? reliefDueAt : appeal.relief_due_at,
    assignment_due_at:
      beginsRelief && assignmentDueAt < appeal.assignment_due_at
        ? assignmentDueAt
        : appeal.assignment_due_at,
  });
}

interface Joining {
  readonly ways: readonly string[];
  readonly keeps: Date | null;
}

const latest = (a: Date | null, b: Date | null): Date | null =>
  a && b ? (a > b ? a : b) : (a ?? b);
