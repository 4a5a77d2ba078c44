import { sql } from 'kysely';
import { logged, says, type Kind, type ComparedRow } from './comparison.ts';
import { readRows } from './read-rows.ts';

/** The records that each derived record follows, as it was submitted. */
export const derivedRecords: Kind = {
  table: 'derived_records',
  said: {
    'sanction-submitted': ({ echoOf = [] }, { sanction }) =>
      echoOf.map((source) => ({ key: says('follows', sanction, source) })),
  },
  rows: async function* (db, cases): AsyncGenerator<ComparedRow> {
    const rows = readRows<{ derived: string; source: string }>(
      db,
      sql`select derived, source from derived_records where ${cases.has('derived')}`,
    );
    for await (const { derived, source } of rows) {
      const key = says('follows', derived, source);
      yield { id: `${derived} ${source}`, keys: [key], sanction: derived };
    }
  },
};

/** Reviews of derived records, as they began and as they were confirmed. */
export const derivedReviews: Kind = {
  table: 'derived_reviews',
  said: {
    'echo-review': (_, { sanction }) => logged('reviewed', sanction),
    'echo-confirmed': (_, { sanction }) => logged('confirmed', sanction),
  },
  rows: async function* (db, cases): AsyncGenerator<ComparedRow> {
    const rows = readRows<{ derived: string; confirmed: boolean }>(
      db,
      sql`select derived, confirmed_at is not null as confirmed from derived_reviews
        where ${cases.has('derived')}`,
    );
    for await (const { derived, confirmed } of rows) {
      const keys = [says('reviewed', derived), ...(confirmed ? [says('confirmed', derived)] : [])];
      yield { id: derived, keys, sanction: derived };
    }
  },
};

/** Inquiries between trust teams, with their answers. */
export const inquiries: Kind = {
  table: 'inquiries',
  said: {
    'question-asked': ({ question, match, asks }, { sanction, party }) =>
      logged('asked', question, sanction, party, match, asks),
    'question-answered': ({ question, answer }) => logged('answered', question, answer),
  },
  rows: async function* (db, cases): AsyncGenerator<ComparedRow> {
    const rows = readRows<{
      id: string;
      sanction: string;
      party: string;
      match: string;
      asks: string;
      answer: string | null;
    }>(
      db,
      sql`select id, sanction, party, match, asks, answer from inquiries
        where ${cases.has('sanction')}`,
    );
    for await (const { id, sanction, party, match, asks, answer } of rows) {
      const keys = [says('asked', id, sanction, party, match, asks)];
      if (answer !== null) keys.push(says('answered', id, answer));
      yield { id, keys, sanction };
    }
  },
};
