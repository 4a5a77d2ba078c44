import { toTimestamp } from '@recourse/protocol';
import { sql } from 'kysely';
import { says, type Kind, type ReadEntry, type Said, type SayingRow } from './comparison.ts';
import { readRows } from './read-rows.ts';

/** Why a record is examined, whose decision is made again for it, what came of it, and a finding that came of that. */
export const inspections: Kind = {
  table: 'inspections',
  saidBy: ({ type, at, detail: { item, why, appeal, as, outcome, cause } }: ReadEntry): Said[] => {
    if (type === 'inspection-opened') return [{ key: says('examined', item, why, appeal, at) }];
    if (type === 'inspection-closed') return [{ key: says('over', item, as, outcome) }];
    return type === 'finding' && item !== undefined
      ? [{ key: says('finding', appeal, item, cause) }]
      : [];
  },
  rows: async function* (db): AsyncGenerator<SayingRow> {
    const rows = readRows<Examined>(
      db,
      sql`select u.id, u.sanction, u.why, u.appeal, u.opened_at, u.closed_as as "as", u.outcome, (
          select f.cause from sanction_events f
          where u.appeal is not null and u.outcome = 'failed' and f.sanction = u.sanction
            and f.event = 'finding' and f.at = u.closed_at) as found
        from inspections u`,
    );
    for await (const { id, sanction, why, appeal, opened_at, as, outcome, found } of rows) {
      const examined = says('examined', id, why, appeal ?? undefined, toTimestamp(opened_at));
      // Those of a party that was suspended, or left, are opened at once, by the entry that says so.
      const keys = why === 're-examination' || why === 'leaving' ? [] : [examined];
      if (as !== null) keys.push(says('over', id, as, outcome ?? undefined));
      if (found !== null) keys.push(says('finding', appeal, id, found));
      yield { id, keys, sanction };
    }
  },
};

interface Examined {
  readonly id: string;
  readonly sanction: string;
  readonly why: string;
  readonly appeal: string | null;
  readonly opened_at: Date;
  readonly as: string | null;
  readonly outcome: string | null;
  readonly found: string | null;
}
