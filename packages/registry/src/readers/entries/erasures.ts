import { toTimestamp } from '@recourse/protocol';
import { sql } from 'kysely';
import { logged, says, type Kind, type ComparedRow } from './comparison.ts';
import { readRows } from './read-rows.ts';

/** Requests of creators for erasure. Once it was done nobody can read that they asked. */
export const erasureRequests: Kind = {
  table: 'erasure_requests',
  said: {
    'erasure-requested': ({ kept }, { sanction, at }) =>
      logged(kept === true ? 'kept' : 'requested', sanction, at),
  },
  rows: async function* (db, cases): AsyncGenerator<ComparedRow> {
    const rows = readRows<{ sanction: string; at: Date; kept_at: Date | null }>(
      db,
      sql`select sanction, at, kept_at from erasure_requests where ${cases.has('sanction')}`,
    );
    for await (const { sanction, at, kept_at: keptAt } of rows) {
      const kept = keptAt ? [says('kept', sanction, toTimestamp(keptAt))] : [];
      yield {
        id: sanction,
        keys: [says('requested', sanction, toTimestamp(at)), ...kept],
        sanction,
      };
    }
  },
};

/** Texts that were erased while their cases stay. An erased case is found by its leaf, as nothing opens its entry. */
export const erasedTexts: Kind = {
  table: 'sanctions',
  said: {
    'texts-erased': (_, { sanction }) => logged('texts-erased', sanction),
  },
  rows: async function* (db, cases): AsyncGenerator<ComparedRow> {
    const rows = readRows<{ id: string }>(
      db,
      sql`select id from sanctions where texts_erased_at is not null and submitted_at is not null
        and ${cases.has('id')}`,
    );
    for await (const { id } of rows) {
      yield { id, keys: [says('texts-erased', id)], sanction: id };
    }
  },
};
