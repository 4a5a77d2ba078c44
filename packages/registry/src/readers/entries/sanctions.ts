import { hashText, toTimestamp } from '@recourse/protocol';
import { sql } from 'kysely';
import { logged, says, type Kind, type ComparedRow } from './comparison.ts';
import { readRows } from './read-rows.ts';

/** Records, with what was submitted, noticed and amended. A draft is in no entry. */
export const sanctions: Kind = {
  table: 'sanctions',
  said: {
    'sanction-submitted': ({ party, statement }, { sanction, at }) =>
      logged('submitted', sanction, at, party, statement),
    'notice-stated': (_, { sanction, at }) => logged('stated', sanction, at),
    'sanction-amended': (_, { sanction }) => [
      { key: says('amended', sanction), instead: says('amended', sanction) },
    ],
  },
  rows: async function* (db, cases): AsyncGenerator<ComparedRow> {
    const rows = readRows<{
      id: string;
      party: string;
      statement: string;
      submitted_at: Date;
      stated_at: Date | null;
      misnoticed: boolean;
      amended: boolean;
    }>(
      db,
      sql`select id, party, statement, submitted_at, stated_at,
        not end_recorded and notified_at is distinct from least(stated_at, (
          select min(u.delivered_at) from subjects u where u.sanction = sanctions.id)) as misnoticed,
        num_nonnulls(amendment, amended_until, amended_reason) > 0 as amended
        from sanctions where submitted_at is not null and ${cases.has('id')}`,
    );
    for await (const row of rows) {
      const { id, party, statement, submitted_at, stated_at, misnoticed, amended } = row;
      const at = toTimestamp(submitted_at);
      const keys = [says('submitted', id, at, party, hashText(statement))];
      if (stated_at) keys.push(says('stated', id, toTimestamp(stated_at)));
      // The first notice is one that an entry says, of either kind. No entry says another.
      if (misnoticed) keys.push(says('noticed', id));
      if (amended) keys.push(says('amended', id));
      yield { id, keys, sanction: id };
    }
  },
};
