import {
  needsTwoReviewers,
  newId,
  reasons,
  toNumericDate,
  type AppealGround,
} from '@recourse/protocol';
import { caseOf } from '../cases/open-case.ts';
import { emit } from '../events/emit.ts';
import { standingOf } from '../sanctions/record.ts';
import { refusal } from '../sanctions/refusal.ts';
import { type SanctionRow } from '../sanctions/store.ts';
import { makeTransition, type Acting } from '../sanctions/transition.ts';
import { claimDeadlines, decisionDeadlines, mayAppeal } from './appeal.ts';
import { sealText } from './sealed-text.ts';
import { appealsOf, insertAppeal, type AppealRow } from './store.ts';

export interface NewAppeal {
  /** The key of the case that opens it */
  readonly holder: string;
  readonly ground: AppealGround;
  readonly words: string;
  readonly language: string;
}

/**
 * Opens an appeal against a locked sanction with everything due on it written. Disputed from here on; a held
 * record stays held, unless it answers now.
 * @throws Problem `state-conflict` where none may be opened now
 */
export async function openAppeal(
  acting: Acting,
  record: SanctionRow,
  { holder, ground, words, language }: NewAppeal,
): Promise<AppealRow> {
  const { db, now, services } = acting;
  const refused = await whyNoAppeal(acting, record);
  if (refused) throw refusal('state-conflict', 'appeal', refused);
  const { caseKey } = await caseOf(acting, record);
  const reason = record.amended_reason ?? record.reason;
  const { decisionDueAt, lapsesAt } = decisionDeadlines(
    { openedAt: now, addedDays: 0 },
    services.deadlines,
  );
  const { claimDueAt, reliefDueAt } = claimDeadlines({ openedAt: now, ground }, services.deadlines);
  const appeal = await insertAppeal(db, {
    ...closedNot,
    id: newId('apl', { now, random: services.random }),
    sanction: record.id,
    holder,
    ground,
    language,
    words: sealText(caseKey, words),
    reviewers: needsTwoReviewers({ reason, age: record.age, ground }) ? 2 : 1,
    opened_at: now,
    decision_due_at: decisionDueAt,
    lapses_at: lapsesAt,
    claim_due_at: claimDueAt,
    relief_due_at: reliefDueAt,
    keeps_held: keepsHeld(record, now),
  });
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
};

/** Until when an appeal may be opened against a sanction; none where none may be opened now. */
export async function mayAppealUntil(
  acting: Pick<Acting, 'db' | 'now' | 'services'>,
  record: SanctionRow,
): Promise<Date | undefined> {
  const answer = await openingOf(acting, record);
  return 'until' in answer ? answer.until : undefined;
}

async function whyNoAppeal(acting: Acting, record: SanctionRow) {
  const answer = await openingOf(acting, record);
  return 'refused' in answer ? answer.refused : undefined;
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
  return mayAppeal(facts, services.deadlines);
}

/** Opening keeps a held record held, unless it answers now. */
const keepsHeld = ({ visible_from: holdEnds, reason }: SanctionRow, now: Date): boolean =>
  (holdEnds === null || holdEnds > now) && !reasons[reason].answersNow;

async function tell(acting: Acting, record: SanctionRow, appeal: AppealRow): Promise<void> {
  const { version } = await makeTransition(acting, record, {
    event: 'appeal-opened',
    at: acting.now,
    entry: 'appeal-opened',
    detail: { appeal: appeal.id, ground: appeal.ground },
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
