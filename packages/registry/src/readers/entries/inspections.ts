import { toTimestamp } from '@recourse/protocol';
import { sql } from 'kysely';
import { logged, says, type Kind, type ComparedRow } from './comparison.ts';
import { readRows } from './read-rows.ts';

/** Why a record is examined, whose decision is made again for it, what came of it, and a finding that came of that. */
export const inspections: Kind = {
  table: 'inspections',
  said: {
    'inspection-opened': ({ item, why, appeal }, { at }) =>
      logged('examined', item, why, appeal, at),
    'inspection-closed': ({ item, as, outcome, cause }) =>
      logged('over', item, as, outcome, ...(cause === undefined ? [] : [cause])),
    finding: ({ appeal, item, cause }) =>
      item === undefined ? [] : logged('finding', appeal, item, cause),
  },
  rows: async function* (db, cases): AsyncGenerator<ComparedRow> {
    const rows = readRows<InspectionLine>(
      db,
      sql`select u.id, u.sanction, u.why, u.appeal, u.opened_at, u.closed_as as "as", u.outcome, u.cause, (
          select f.cause from sanction_events f
          where u.appeal is not null and u.outcome = 'failed' and f.sanction = u.sanction
            and f.event = 'finding' and f.at = u.closed_at) as found
        from inspections u where ${cases.has('u.sanction')}`,
    );
    for await (const { id, sanction, why, appeal, opened_at, as, outcome, cause, found } of rows) {
      const examined = says('examined', id, why, appeal ?? undefined, toTimestamp(opened_at));
      // Those of a party that was suspended, or left, are opened at once, by the entry that says so.
      const keys = why === 're-examination' || why === 'leaving' ? [] : [examined];
      if (as !== null) {
        const confirmed = cause === null ? [] : [cause];
        keys.push(says('over', id, as, outcome ?? undefined, ...confirmed));
      }
      if (found !== null) keys.push(says('finding', appeal, id, found));
      yield { id, keys, sanction };
    }
  },
};

interface InspectionLine {
  readonly id: string;
  readonly sanction: string;
  readonly why: string;
  readonly appeal: string | null;
  readonly opened_at: Date;
  readonly as: string | null;
  readonly outcome: string | null;
  readonly cause: string | null;
  readonly found: string | null;
}
