import type { EndCause } from '@recourse/protocol';
import type { Selectable } from 'kysely';
import type { AppealsTable } from '../kernel/database.ts';
import type { EchoReview } from './echo.rules.ts';
import { recordsEndAt } from './membership.rules.ts';
import { answersFrom, type OpenAppeal } from '@recourse/protocol/review';
import { stateAt, type Life, type Standing } from './life.rules.ts';
import type { SanctionRow } from './store.ts';

/** What decides the state of a sanction, from its rows. */
export function lifeOf(row: SanctionRow): Life {
  return {
    submittedAt: row.submitted_at,
    draftLapsesAt: row.draft_lapses_at,
    noticeDueAt: row.notice_due_at,
    notifiedAt: row.notified_at,
    visibleFrom: isBacklogged(row) ? null : row.visible_from,
    keptUntil: row.kept_until,
    expiresAt: earlier(row.amended_until ?? row.expires_at, row.evaded_until),
    end: endOf(row.end_kind, row.end_cause, row.end_at),
    evadedEnd: endOf(row.evaded_kind, row.evaded_cause, row.evaded_at),
    suspensions: row.open_suspensions.map(({ cause, until }) => ({
      cause,
      until: until === null ? null : new Date(until),
    })),
    evadedLapsesAt: row.evaded_lapses_at,
    evadedUndecidedAt: row.evaded_undecided_at,
    evadedWithdrawsAt: row.evaded_withdraws_at,
    compromisedSince: row.compromised_since,
    echoReview: echoReviewOf(row),
    appeal: appealOf(row),
    tokensUntil: row.tokens_until,
    leavesAt: row.left_at && !row.confirmed_at ? recordsEndAt(row.left_at) : null,
    inspection: {
      evidenceDueAt: row.inspection_evidence_due_at,
      examineBy: row.inspection_examine_by,
    },
  };
}

/** The open review of an echo. */
export const echoReviewOf = ({
  echo_due_at: dueAt,
  echo_ends_at: endsAt,
}: SanctionRow): EchoReview | null => (dueAt && endsAt ? { dueAt, endsAt } : null);

const earlier = (a: Date, b: Date | null): Date => (b && b < a ? b : a);

/** Held until fewer appeals on records of its group wait. */
export const isBacklogged = (row: Pick<SanctionRow, 'backlogged' | 'backlog_over_at'>): boolean =>
  row.backlogged && row.backlog_over_at === null;

/** From when it answers, as far as that is known now. */
export function visibleFromOf(row: SanctionRow): Date | null {
  const { visibleFrom, appeal } = lifeOf(row);
  return answersFrom(visibleFrom, appeal);
}

export const standingOf = (row: SanctionRow, now: Date): Standing => stateAt(lifeOf(row), now);

function appealOf(row: SanctionRow): Life['appeal'] {
  const { appeal, decision_due_at, undecided_at, bound } = row;
  if (appeal === null || !decision_due_at || !undecided_at) return null;
  return clocksOf({ ...row, decision_due_at, undecided_at, bound: bound === true });
}

type ClockColumns =
  | 'evidence_due_at'
  | 'evidence_lapses_at'
  | 'decision_due_at'
  | 'undecided_at'
  | 'relief_due_at'
  | 'relief_decided_at'
  | 'withdraws_at'
  | 'bound'
  | 'keeps_until';

/** The clocks of an appeal, from its row. */
export const clocksOf = (row: Pick<Selectable<AppealsTable>, ClockColumns>): OpenAppeal => ({
  evidenceDueAt: row.evidence_due_at,
  evidenceLapsesAt: row.evidence_lapses_at,
  decisionDueAt: row.decision_due_at,
  undecidedAt: row.undecided_at,
  reliefDueAt: row.relief_decided_at === null ? row.relief_due_at : null,
  withdrawsAt: row.withdraws_at,
  bound: row.bound,
  keepsUntil: row.keeps_until,
});

const endOf = (
  kind: SanctionRow['end_kind'],
  cause: EndCause | null,
  at: Date | null,
): Life['end'] => (kind && cause !== null && at ? { kind, cause, at } : null);
