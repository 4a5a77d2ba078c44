import {
  isSpeech,
  mostByOneWay,
  needsTwoReviewers,
  type AppealGround,
  type CaseInput,
  type CaseOutput,
  type Id,
} from '@recourse/protocol';
import { lockAsClaimant, speaksAs } from '../../cases/access.ts';
import type { CaseContext } from '../../cases/context.ts';
import { endWhenAllWithdrew } from '../../cases/end-when-all-withdrew.ts';
import { refusal } from '../../kernel/refusal.ts';
import { reasonOf } from '../../records/record.ts';
import type { SanctionRow } from '../../records/store.ts';
import type { LockedRecord, TransitionContext } from '../../records/transition-context.ts';
import { assignmentDeadlines, isBound } from '../../review/appeal.rules.ts';
import {
  insertJoin,
  joinsOf,
  notWithdrawn,
  roomFor,
  setJoinWithdrawal,
  waysOfClaimant,
} from '../../review/join-store.ts';
import { earlierOf } from '../../review/open-appeal.ts';
import { findAppeal, firstBeside, speedUp, type AppealRow } from '../../review/store.ts';
import { viewAppeal } from '../../review/view.ts';
import { placeOf } from '../../vault/vault.ts';

/** Joins the open appeal; who had withdrawn carries it on. */
export async function joinCase(
  ctx: CaseContext,
  { key, ground, words }: CaseInput<'case.join'>,
): Promise<CaseOutput<'case.join'>> {
  const { record, claimant } = await lockAsClaimant(ctx, key);
  const { appeal } = record;
  if (appeal === null) throw refusal('state-conflict', 'key', 'no-open-appeal');
  const speaker = speaksAs(claimant);
  const joined = await joinAppeal(ctx, record, { appeal, claimant: speaker, ground, words });
  await setJoinWithdrawal(ctx.db, { appeal, claimant: speaker, withdrawal: notWithdrawn });
  await endWhenAllWithdrew(ctx, appeal);
  return viewAppeal(joined, ctx.now);
}

interface AppealJoin {
  readonly appeal: Id<'apl'>;
  readonly claimant: string;
  readonly ground: AppealGround;
  readonly words: string;
}

/**
 * A claimant joins an open appeal with a further ground and words of their own. No deadline moves; `expression` starts its
 * own two and three days.
 * @throws Problem `state-conflict` where they gave that ground before, or all have said enough who came by their ways
 */
async function joinAppeal(
  ctx: TransitionContext,
  record: LockedRecord,
  joining: AppealJoin,
): Promise<AppealRow> {
  const { db, now: at } = ctx;
  const { appeal, claimant, ground, words } = joining;
  const { id: sanction } = record;
  const before = await joinsOf(db, appeal);
  if (before.some((join) => join.claimant === claimant && join.ground === ground)) {
    throw refusal('state-conflict', 'ground', 'already-joined');
  }
  const of = { table: 'appeal_joins', in: appeal, claimant, most: mostByOneWay, now: at } as const;
  const room = await roomFor(db, of);
  if (!room) throw refusal('state-conflict', 'words', 'way-full');
  const caseKey = record.key();
  const sealed = caseKey.sealText(words, placeOf('appeal_joins.words', joining));
  await insertJoin(db, { appeal, sanction, claimant, ground, words: sealed, at, ...room });
  await speed(ctx, record, joining);
  await record.note({ event: 'appeal-joined' });
  return (await findAppeal(db, appeal))!;
}

/** Speech is looked at sooner and by two; and what one new way joins, a late decision suspends. */
async function speed(
  { db, now, services }: TransitionContext,
  record: SanctionRow,
  { appeal: id, claimant, ground }: AppealJoin,
): Promise<void> {
  const appeal = (await findAppeal(db, id))!;
  const reason = reasonOf(record);
  const of = { openedAt: now, ground, reason };
  const { assignmentDueAt, reliefDueAt } = assignmentDeadlines(of, services.deadlines);
  const reviewers = needsTwoReviewers({ reason, age: record.age, ground }) ? 2 : 1;
  const ways = await waysOfClaimant(db, { claimant, now });
  const beginsRelief = reliefDueAt !== null && appeal.relief_due_at === null;
  const beside = beginsRelief ? await firstBeside(db, { sanction: record.id, now }) : undefined;
  await speedUp(db, id, {
    bound: appeal.bound && isBound(await earlierOf(db, { sanction: record.id, ways }), ways),
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
