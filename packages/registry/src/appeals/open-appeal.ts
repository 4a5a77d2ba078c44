import { decisionDeadlines } from '@recourse/protocol/review';
import {
  needsTwoReviewers,
  newId,
  reasons,
  toNumericDate,
  type AppealGround,
} from '@recourse/protocol';
import { insertJoin } from '../cases/join-store.ts';
import { caseOf } from '../cases/open-case.ts';
import { placeOf } from '../cases/sealed-columns.ts';
import { emit } from '../events/emit.ts';
import { standingOf } from '../sanctions/record.ts';
import { invalid, refusal } from '../sanctions/refusal.ts';
import { type SanctionRow } from '../sanctions/store.ts';
import { makeTransition, type Acting } from '../sanctions/transition.ts';
import { claimDeadlines, isBound, keepsUntil, mayAppeal, mayReopen } from './appeal.rules.ts';
import { sealText } from './sealed-text.ts';
import { appealsOf, insertAppeal, type AppealRow } from './store.ts';

export interface NewAppeal {
  /** Who opens it */
  readonly claimant: string;
  readonly ground: AppealGround;
  readonly words: string;
  readonly language: string;
  /** What is new, once an earlier one was decided */
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
  acting: Acting,
  record: SanctionRow,
  asked: NewAppeal,
): Promise<AppealRow> {
  const { db, now, services } = acting;
  const { claimant, ground, words, language, news } = asked;
  const reopens = await assertMayOpen(acting, record, asked);
  const { caseKey } = await caseOf(acting, record);
  const reason = record.amended_reason ?? record.reason;
  const { decisionDueAt, undecidedAt } = decisionDeadlines(
    { openedAt: now, addedDays: 0 },
    services.deadlines,
  );
  const { claimDueAt, reliefDueAt } = claimDeadlines({ openedAt: now, ground }, services.deadlines);
  const id = newId('apl', { now, random: services.random });
  const earlier = await appealsOf(db, record.id);
  const appeal = await insertAppeal(db, {
    ...closedNot,
    id,
    sanction: record.id,
    claimant,
    ground,
    language,
    words: sealText(caseKey, words, placeOf('appeals.words', { id })),
    news: news === undefined ? null : sealText(caseKey, news, placeOf('appeals.news', { id })),
    reopens,
    reviewers: needsTwoReviewers({ reason, age: record.age, ground }) ? 2 : 1,
    opened_at: now,
    decision_due_at: decisionDueAt,
    undecided_at: undecidedAt,
    claim_due_at: claimDueAt,
    relief_due_at: reliefDueAt,
    bound: isBound(earlier),
    keeps_until: keepsHeld(record, now) ? keepsUntil(earlier, now) : null,
  });
  await insertJoin(db, { appeal: id, sanction: record.id, claimant, ground, words: null, at: now });
  await tell(acting, record, appeal);
  return appeal;
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

/** @returns the dismissed appeal that it reopens, if that is what was asked for */
async function assertMayOpen(
  acting: Acting,
  record: SanctionRow,
  { news, reopen = false }: NewAppeal,
): Promise<string | null> {
  const { appeal, reopening } = await openingOf(acting, record);
  const answer = reopen ? reopening : appeal;
  if ('refused' in answer) throw refusal('state-conflict', 'appeal', answer.refused);
  if ('dismissed' in answer) return answer.dismissed;
  if (answer.needsNews && news === undefined) throw invalid('news', 'required');
  return null;
}

/** What may be opened now against a sanction, and what it takes. */
export async function mayOpenNow(
  acting: Pick<Acting, 'db' | 'now' | 'services'>,
  record: SanctionRow,
): Promise<{ until?: Date; needsNews: boolean; mayReopen: boolean }> {
  const { appeal, reopening } = await openingOf(acting, record);
  const mayReopen = !('refused' in reopening);
  if ('refused' in appeal) return { needsNews: false, mayReopen };
  return { until: appeal.until, needsNews: appeal.needsNews, mayReopen };
}

async function openingOf(
  { db, now, services }: Pick<Acting, 'db' | 'now' | 'services'>,
  record: SanctionRow,
) {
  const facts = {
    now,
    standing: standingOf(record, now),
    submittedAt: record.submitted_at,
    expiresAt: record.amended_until ?? record.expires_at,
    earlier: await appealsOf(db, record.id),
  };
  const { deadlines } = services;
  return { appeal: mayAppeal(facts, deadlines), reopening: mayReopen(facts, deadlines) };
}

/** Opening keeps a held record held, unless it answers now. */
const keepsHeld = ({ visible_from: holdEnds, reason }: SanctionRow, now: Date): boolean =>
  (holdEnds === null || holdEnds > now) && !reasons[reason].answersNow;

async function tell(acting: Acting, record: SanctionRow, appeal: AppealRow): Promise<void> {
  const { version } = await makeTransition(acting, record, {
    event: 'appeal-opened',
    at: acting.now,
    entry: 'appeal-opened',
    detail: {
      appeal: appeal.id,
      ground: appeal.ground,
      ...(appeal.reopens === null ? {} : { reopens: appeal.reopens }),
    },
    tell: 'sanction-disputed',
  });
  const dueAt = toNumericDate(appeal.decision_due_at);
  await emit(acting, {
    party: record.party,
    sanction: record.id,
    type: 'appeal-opened',
    body: { version, appeal: appeal.id, dueAt },
  });
}
