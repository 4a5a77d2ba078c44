import {
  isSpeech,
  needsTwoReviewers,
  newId,
  reasons,
  toNumericDate,
  type AppealGround,
} from '@recourse/protocol';
import { decisionDeadlines } from '@recourse/protocol/review';
import type { Db } from '../kernel/database.ts';
import { invalid, refusal } from '../kernel/refusal.ts';
import { expiryOf, reasonOf, standingOf, visibleFromOf } from '../records/record.ts';
import type { SanctionRow } from '../records/store.ts';
import type { LockedRecord, TransitionContext } from '../records/transition-context.ts';
import { emit } from '../told/events/emit.ts';
import { placeOf } from '../vault/vault.ts';
import {
  assignmentDeadlines,
  isBound,
  isReasonTold,
  keepsUntil,
  mayAppeal,
  mayReopen,
} from './appeal.rules.ts';
import { insertJoin, keptBy, lotBytes, waysIn, waysOfClaimant } from './join-store.ts';
import { appealsOf, firstBeside, insertAppeal, type AppealRow } from './store.ts';

export interface NewAppeal {
  /** The claimant who opens it */
  readonly claimant: string;
  readonly ground: AppealGround;
  readonly words: string;
  readonly language: string;
  /** The news, once an earlier one was decided */
  readonly news?: string | undefined;
  /** Have another reviewer look at the one that was dismissed */
  readonly reopen?: boolean | undefined;
}

/**
 * Opens an appeal against a locked sanction with everything due on it written. Disputed from here on; a held
 * record stays held, unless it answers now.
 * @throws Problem `state-conflict` where none may be opened now
 */
export async function openAppeal(
  ctx: TransitionContext,
  record: LockedRecord,
  asked: NewAppeal,
): Promise<AppealRow> {
  const { db, now, services } = ctx;
  const { claimant, ground, words, language, news } = asked;
  const { reopens, ways, earlier } = await assertMayOpen(ctx, record, asked);
  const caseKey = record.key();
  const reason = reasonOf(record);
  const { decisionDueAt, undecidedAt } = decisionDeadlines(
    { openedAt: now, addedDays: 0 },
    services.deadlines,
  );
  const { assignmentDueAt, reliefDueAt } = assignmentDeadlines(
    { openedAt: now, ground, reason },
    services.deadlines,
  );
  const id = newId('apl', { now, random: services.random });
  const beside = await firstBeside(db, { sanction: record.id, now });
  const keeps = await keepsHeld(ctx, record, ways);
  const appeal = await insertAppeal(db, {
    ...closedNot,
    id,
    sanction: record.id,
    submitter: record.party,
    claimant,
    ground,
    speech: isSpeech({ ground, reason }),
    language,
    words: caseKey.sealText(words, placeOf('appeals.words', { id })),
    news: news === undefined ? null : caseKey.sealText(news, placeOf('appeals.news', { id })),
    reopens,
    reviewers: needsTwoReviewers({ reason, age: record.age, ground }) ? 2 : 1,
    opened_at: now,
    decision_due_at: decisionDueAt,
    undecided_at: undecidedAt,
    assignment_due_at: assignmentDueAt,
    relief_due_at: reliefDueAt,
    together: reliefDueAt !== null && beside !== undefined,
    beside: beside ?? null,
    bound: isBound(earlier, ways),
    reason_told: isReasonTold(earlier, ways),
    keeps_until: keeps,
  });
  await joinFirst(ctx, appeal, claimant);
  await tell(ctx, record, appeal);
  return appeal;
}

/** Whoever opens an appeal is the first who joins it. */
async function joinFirst(
  { db, now: at, services }: TransitionContext,
  { id: appeal, sanction, ground, keeps_until }: AppealRow,
  claimant: string,
): Promise<void> {
  const join = { appeal, sanction, claimant, ground, words: null, at, keeps_until };
  await insertJoin(db, { lot: services.random(lotBytes), opens: true }, join);
}

const closedNot = {
  evidence_due_at: null,
  evidence_lapses_at: null,
  evidence_confirmed_at: null,
  relief_decided_at: null,
  relief_decided_as: null,
  withdraws_at: null,
  responded_at: null,
  response: null,
  closed_at: null,
  closed_as: null,
  outcome: null,
  cause: null,
  concession: null,
};

/** @returns the dismissed appeal that it reopens, if that is what was asked for, and what it was judged by */
async function assertMayOpen(
  ctx: TransitionContext,
  record: SanctionRow,
  { claimant, news, reopen = false }: NewAppeal,
): Promise<{ reopens: string | null; ways: readonly string[]; earlier: EarlierAppeals }> {
  const ways = await waysOfClaimant(ctx.db, { claimant, now: ctx.now });
  const { appeal, reopening, earlier } = await openingOf(ctx, record, ways);
  const answer = reopen ? reopening : appeal;
  if ('refused' in answer) throw refusal('state-conflict', 'appeal', answer.refused);
  if ('dismissed' in answer) return { reopens: answer.dismissed, ways, earlier };
  if (answer.needsNews && news === undefined) throw invalid('news', 'required');
  return { reopens: null, ways, earlier };
}

/** Says what may be opened now against a sanction by who came by some ways, and what it takes. */
export async function mayOpenNow(
  ctx: Pick<TransitionContext, 'db' | 'now' | 'services'>,
  record: SanctionRow,
  ways: readonly string[],
): Promise<{ until?: Date; needsNews: boolean; mayReopen: boolean }> {
  const { appeal, reopening } = await openingOf(ctx, record, ways);
  const mayReopen = !('refused' in reopening);
  if ('refused' in appeal) return { needsNews: false, mayReopen };
  return { until: appeal.until, needsNews: appeal.needsNews, mayReopen };
}

async function openingOf(
  { db, now, services }: Pick<TransitionContext, 'db' | 'now' | 'services'>,
  record: SanctionRow,
  ways: readonly string[],
) {
  const facts = {
    now,
    ways,
    standing: standingOf(record, now),
    submittedAt: record.submitted_at,
    expiresAt: expiryOf(record),
    earlier: await earlierOf(db, { sanction: record.id, ways }),
  };
  const { deadlines } = services;
  const { earlier } = facts;
  return { appeal: mayAppeal(facts, deadlines), reopening: mayReopen(facts, deadlines), earlier };
}

type EarlierAppeals = Awaited<ReturnType<typeof earlierOf>>;

/** The appeals of a case, each with those of some ways that it binds, and that joined it. */
export async function earlierOf(db: Db, query: { sanction: string; ways: readonly string[] }) {
  const known = await waysIn(db, query);
  return (await appealsOf(db, query.sanction)).map((row) => {
    const { ways = [], joined = [] } = known.get(row.id) ?? {};
    return { ...row, ways, joined };
  });
}

/** Until when whoever appeals by these ways keeps a held record held, unless it answers now. */
export async function keepsHeld(
  { db, now }: Pick<TransitionContext, 'db' | 'now'>,
  record: SanctionRow,
  ways: readonly string[],
): Promise<Date | null> {
  const holdEnds = visibleFromOf(record);
  if ((holdEnds !== null && holdEnds <= now) || reasons[record.reason].answersNow) return null;
  return keepsUntil(await keptBy(db, { sanction: record.id, ways }), now);
}

async function tell(
  ctx: TransitionContext,
  record: LockedRecord,
  appeal: AppealRow,
): Promise<void> {
  const { version } = await record.transition({
    happened: 'appealOpened',
    event: 'appeal-opened',
    at: ctx.now,
    entry: {
      type: 'appeal-opened',
      appeal: appeal.id,
      ground: appeal.ground,
      ...(appeal.reopens === null ? {} : { reopens: appeal.reopens }),
    },
    tell: 'sanction-disputed',
  });
  const dueAt = toNumericDate(appeal.decision_due_at);
  await emit(ctx, {
    party: record.party,
    sanction: record.id,
    type: 'appeal-opened',
    body: { version, appeal: appeal.id, dueAt },
  });
}
