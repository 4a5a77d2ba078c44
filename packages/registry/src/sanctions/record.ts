import { stateAt, type Life, type Standing } from './life.ts';
import type { SanctionRow } from './store.ts';

/** What decides the state of a sanction, from its rows. */
export function lifeOf(row: SanctionRow): Life {
  return {
    submittedAt: row.submitted_at,
    draftLapsesAt: row.draft_lapses_at,
    noticeDueAt: row.notice_due_at,
    notifiedAt: row.notified_at,
    visibleFrom: row.visible_from,
    expiresAt: row.expires_at,
    end: endOf(row.end_kind, row.end_cause, row.end_at),
    evadedEnd: endOf(row.evaded_kind, row.evaded_cause, row.evaded_at),
    openSuspensions: row.open_suspensions,
    compromisedSince: row.compromised_since,
  };
}

export const standingOf = (row: SanctionRow, now: Date): Standing => stateAt(lifeOf(row), now);

const endOf = (
  kind: SanctionRow['end_kind'],
  cause: string | null,
  at: Date | null,
): Life['end'] => (kind && cause !== null && at ? { kind, cause, at } : null);
