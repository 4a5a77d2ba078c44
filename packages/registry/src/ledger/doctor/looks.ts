import { sql } from 'kysely';
import { says, type Kind, type ReadEntry, type Said, type SayingRow } from './comparison.ts';
import { readRows } from './read-rows.ts';

/** Why a record is examined, whose decision is made again for it, and a finding that came of that. */
export const inspections: Kind = {
  table: 'inspections',
  saidBy: ({ type, detail: { item, why, appeal, cause } }: ReadEntry): Said[] => {
    if (type === 'inspection-opened') return [{ key: says('examined', item, why, appeal) }];
    return type === 'finding' && item !== undefined
      ? [{ key: says('finding', appeal, item, cause) }]
      : [];
  },
  rows: async function* (db): AsyncGenerator<SayingRow> {
    const rows = readRows<InspectionOfRow>(
      db,
      sql`select u.item, u.sanction, u.why, u.appeal, (
          select f.cause from sanction_events f join panel_items i on i.id = u.item
          where u.appeal is not null and i.outcome = 'failed' and f.sanction = u.sanction
            and f.event = 'finding' and f.at = i.closed_at) as found
        from inspections u where u.why not in ('re-examination', 'leaving')`,
    );
    for await (const { item, sanction, why, appeal, found } of rows) {
      const examined = says('examined', item, why, appeal ?? undefined);
      const finding = found === null ? [] : [says('finding', appeal, item, found)];
      yield { id: item, keys: [examined, ...finding], sanction };
    }
  },
};

interface InspectionOfRow {
  readonly item: string;
  readonly sanction: string;
  readonly why: string;
  readonly appeal: string | null;
  readonly found: string | null;
}
