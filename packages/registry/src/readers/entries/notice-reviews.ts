import { sql } from 'kysely';
import { logged, says, type Kind, type ComparedRow } from './comparison.ts';
import { readRows } from './read-rows.ts';

/** What reviewers said of withheld notices. */
export const noticeReviews: Kind = {
  table: 'notice_reviews',
  said: {
    'notice-reviewed': ({ confirmed }, { sanction }) =>
      logged('notice-reviewed', sanction, confirmed),
  },
  rows: async function* (db): AsyncGenerator<ComparedRow> {
    const rows = readRows<{ sanction: string; confirmed: boolean }>(
      db,
      sql`select sanction, confirmed from notice_reviews`,
    );
    for await (const { sanction, confirmed } of rows) {
      yield { id: sanction, keys: [says('notice-reviewed', sanction, confirmed)], sanction };
    }
  },
};
