import { sql } from 'kysely';
import { logged, says, type Kind, type SayingRow } from './comparison.ts';
import { readRows } from './read-rows.ts';

/** What each echo follows, as it was submitted. */
export const echoes: Kind = {
  table: 'echoes',
  said: {
    'sanction-submitted': ({ echoOf = [] }, { sanction }) =>
      echoOf.map((source) => ({ key: says('follows', sanction, source) })),
  },
  rows: async function* (db): AsyncGenerator<SayingRow> {
    const rows = readRows<{ echo: string; source: string }>(
      db,
      sql`select echo, source from echoes`,
    );
    for await (const { echo, source } of rows) {
      const key = says('follows', echo, source);
      yield { id: `${echo} ${source}`, keys: [key], sanction: echo };
    }
  },
};

/** Reviews of echoes, as they began and as they were confirmed. */
export const echoReviews: Kind = {
  table: 'echo_reviews',
  said: {
    'echo-review': (_, { sanction }) => logged('reviewed', sanction),
    'echo-confirmed': (_, { sanction }) => logged('confirmed', sanction),
  },
  rows: async function* (db): AsyncGenerator<SayingRow> {
    const rows = readRows<{ echo: string; confirmed: boolean }>(
      db,
      sql`select echo, confirmed_at is not null as confirmed from echo_reviews`,
    );
    for await (const { echo, confirmed } of rows) {
      const keys = [says('reviewed', echo), ...(confirmed ? [says('confirmed', echo)] : [])];
      yield { id: echo, keys, sanction: echo };
    }
  },
};

/** Questions between trust teams, with their answers. */
export const trustQuestions: Kind = {
  table: 'trust_questions',
  said: {
    'question-asked': ({ question, match, asks }, { sanction, party }) =>
      logged('asked', question, sanction, party, match, asks),
    'question-answered': ({ question, answer }) => logged('answered', question, answer),
  },
  rows: async function* (db): AsyncGenerator<SayingRow> {
    const rows = readRows<{
      id: string;
      sanction: string;
      party: string;
      match: string;
      asks: string;
      answer: string | null;
    }>(db, sql`select id, sanction, party, match, asks, answer from trust_questions`);
    for await (const { id, sanction, party, match, asks, answer } of rows) {
      const keys = [says('asked', id, sanction, party, match, asks)];
      if (answer !== null) keys.push(says('answered', id, answer));
      yield { id, keys, sanction };
    }
  },
};
