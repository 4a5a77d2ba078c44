import type { EndCause, ReasonCode } from '@recourse/protocol';
import type { Selectable } from 'kysely';
import type { AppealsTable } from '../schema/appeals.ts';
import { recordsEndAt } from './membership.rules.ts';
import { answersFrom, type OpenAppeal } from '@recourse/protocol/review';
import {
  stateAt,
  type Endings,
  type Life,
  type RecordedLife,
  type Standing,
} from './life.rules.ts';
import type { EndingRow, EvadedRow, LifeRow, SanctionRow } from './store.ts';

/** Reads from the rows of a sanction what decides its state. */
export const lifeOf = (row: LifeRow): Life => ({
  ...endingsOf(row),
  visibleFrom: isBacklogged(row) ? null : row.visible_from,
  suspensions: row.open_suspensions.map(({ cause, until }) => ({
    cause,
    until: until === null ? null : new Date(until),
  })),
  derivedDueAt: row.derived_due_at,
  compromisedSince: row.compromised_since,
  evaded: row.evaded?.map(evadedOf) ?? [],
});

/** The same with what its history says. */
export const recordedLifeOf = (row: SanctionRow): RecordedLife => ({
  ...lifeOf(row),
  keptUntil: row.kept_until,
  recorded: { visible: row.visible_recorded, ended: row.end_recorded },
});

/**
 * The life as the record's own rows say it. What its submitter, its epoch and the records that it evades bring about is
 * looked for by party, by epoch, and as a reaction to their ends.
 */
export const ownLifeOf = (row: SanctionRow): RecordedLife => ({
  ...recordedLifeOf(row),
  evaded: [],
  leavesAt: null,
  tokensUntil: null,
});

/** Reads what a sanction that another one evades ends by. */
const evadedOf = (row: EvadedRow): Endings =>
  endingsOf(
    Object.fromEntries(
      Object.entries(row).map(([column, value]) => [
        column,
        isInstant(column) && typeof value === 'string' ? new Date(value) : value,
      ]),
    ) as unknown as EndingRow,
  );

const isInstant = (column: string): boolean => /_(at|until|by)$/.test(column);

const endingsOf = (row: EndingRow): Endings => ({
  submittedAt: row.submitted_at,
  draftLapsesAt: row.draft_lapses_at,
  noticeDueAt: row.notice_due_at,
  notifiedAt: row.notified_at,
  expiresAt: expiryOf(row),
  end: endOf(row.end_kind, row.end_cause, row.end_at),
  appeal: appealOf(row),
  tokensUntil: row.tokens_until,
  leavesAt: row.left_at && !row.confirmed_at ? recordsEndAt(row.left_at) : null,
  inspection: {
    evidenceDueAt: row.inspection_evidence_due_at,
    examineBy: row.inspection_examine_by,
    overAt: row.inspection_over_at,
  },
});

/** Why it stands: what a decision made of the reason that was submitted. */
export const reasonOf = (row: Pick<SanctionRow, 'reason' | 'amended_reason'>): ReasonCode =>
  row.amended_reason ?? row.reason;

/** When it expires: earlier than was submitted where a decision said so. */
export const expiryOf = (row: Pick<EndingRow, 'expires_at' | 'amended_until'>): Date =>
  row.amended_until ?? row.expires_at;

/** Held until fewer appeals on records of its group wait. */
export const isBacklogged = (row: Pick<SanctionRow, 'backlogged' | 'backlog_over_at'>): boolean =>
  row.backlogged && row.backlog_over_at === null;

/** From when it answers, as far as that is known now. */
export function visibleFromOf(row: SanctionRow): Date | null {
  const { visibleFrom, appeal } = lifeOf(row);
  return answersFrom(visibleFrom, appeal);
}

export const standingOf = (row: SanctionRow, now: Date): Standing => stateAt(lifeOf(row), now);

function appealOf(row: EndingRow): Life['appeal'] {
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
export const clocksOf = (
  row: Pick<Selectable<AppealsTable>, ClockColumns> & { readonly relief_spared: boolean | null },
): OpenAppeal => ({
  evidenceDueAt: row.evidence_due_at,
  evidenceLapsesAt: row.evidence_lapses_at,
  decisionDueAt: row.decision_due_at,
  undecidedAt: row.undecided_at,
  ...reliefOf(row),
  withdrawsAt: row.withdraws_at,
  bound: row.bound,
  keepsUntil: row.keeps_until,
});

/** Relief that nobody decided: due, or spared. */
function reliefOf({
  relief_due_at: at,
  relief_decided_at: decidedAt,
  relief_spared: isSpared,
}: Parameters<typeof clocksOf>[0]): Pick<OpenAppeal, 'reliefDueAt' | 'reliefSparedAt'> {
  if (decidedAt !== null) return { reliefDueAt: null };
  return isSpared === true ? { reliefDueAt: null, reliefSparedAt: at } : { reliefDueAt: at };
}

const endOf = (
  kind: SanctionRow['end_kind'],
  cause: EndCause | null,
  at: Date | null,
): Life['end'] => (kind && cause !== null && at ? { kind, cause, at } : null);
