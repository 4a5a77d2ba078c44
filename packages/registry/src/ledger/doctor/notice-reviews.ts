import { sql } from 'kysely';
import { says, type Kind, type ReadEntry, type Said, type SayingRow } from './comparison.ts';
import { readRows } from './read-rows.ts';

/** What reviewers said of withheld notices. */
export const noticeReviews: Kind = {
  table: 'notice_reviews',
  saidBy: ({ type, sanction, detail }: ReadEntry): Said[] =>
    type === 'notice-reviewed'
      ? [{ key: says('notice-reviewed', sanction, detail['confirmed']) }]
      : [],
  rows: async function* (db): AsyncGenerator<SayingRow> {
    const rows = readRows<{ sanction: string; confirmed: boolean }>(
      db,
      sql`select sanction, confirmed from notice_reviews`,
    );
    for await (const { sanction, confirmed } of rows) {
      yield { id: sanction, keys: [says('notice-reviewed', sanction, confirmed)], sanction };
    }
  },
};
