import type { SanctionRow } from '../src/records/store.ts';

export const at = (days: number): Date => new Date(Date.UTC(2026, 2, 1) + days * 86_400_000);
/** As it stands in answers. */
export const text = (days: number): string => at(days).toISOString().replace('.000Z', 'Z');

const none: Partial<SanctionRow> = {
  drafted_at: null,
  draft_lapses_at: null,
  amended_reason: null,
  amended_until: null,
  ref: null,
  end_kind: null,
  end_cause: null,
  end_at: null,
  open_suspensions: [],
  compromised_since: null,
  left_at: null,
  confirmed_at: null,
  appeal: null,
  evidence_due_at: null,
  evidence_lapses_at: null,
  decision_due_at: null,
  undecided_at: null,
  bound: null,
  relief_due_at: null,
  relief_decided_at: null,
  relief_spared: null,
  withdraws_at: null,
  keeps_until: null,
  derived_due_at: null,
  evaded: null,
  inspection_evidence_due_at: null,
  inspection_examine_by: null,
  inspection_over_at: null,
  visible_recorded: false,
  end_recorded: false,
};
/** The row of a visible record, with what a test changes of it. */
export const row = (changes: Partial<SanctionRow> = {}): SanctionRow =>
  ({
    ...none,
    id: 'snc_a',
    version: 3,
    reason: 'fraud.scam',
    statement: 'the.signed.statement',
    submitted_at: at(0),
    notice_due_at: at(7),
    notified_at: at(1),
    visible_from: at(4),
    expires_at: at(300),
    ...changes,
  }) as SanctionRow;
/** The columns of an open one. */
export const appeal = { appeal: 'apl_a', decision_due_at: at(40), undecided_at: at(55) } as const;
