import { hashText, toTimestamp } from '@recourse/protocol';
import { sql } from 'kysely';
import { logged, says, type Kind, type ComparedRow } from './comparison.ts';
import { readRows } from './read-rows.ts';

/** Keys of tokens after the first, as they were announced. */
export const rotations: Kind = {
  table: 'rotations',
  said: {
    'oprf-epoch': ({ epoch, publicKey, opensAt, beforeClosesAt }) =>
      epoch === 1 ? [] : logged('oprf-epoch', epoch, publicKey, opensAt, beforeClosesAt),
  },
  rows: async function* (db): AsyncGenerator<ComparedRow> {
    const rows = readRows<{ epoch: number; key: string; opens: Date; closes: Date }>(
      db,
      sql`select epoch, public_key as key, opens_at as opens, before_closes_at as closes from rotations`,
    );
    for await (const { epoch, key, opens, closes } of rows) {
      const said = says('oprf-epoch', epoch, key, toTimestamp(opens), toTimestamp(closes));
      yield { id: String(epoch), keys: [said] };
    }
  },
};

/** Tokens of records that were made anew. */
export const retokenisations: Kind = {
  table: 'retokenisations',
  said: {
    'sanction-retokenised': ({ epoch, update }, { sanction }) =>
      logged('retokenised', sanction, epoch, update),
  },
  rows: async function* (db, cases): AsyncGenerator<ComparedRow> {
    const rows = readRows<{ sanction: string; epoch: number; artefact: string }>(
      db,
      sql`select sanction, epoch, artefact from retokenisations where ${cases.has('sanction')}`,
    );
    for await (const { sanction, epoch, artefact } of rows) {
      const key = says('retokenised', sanction, epoch, hashText(artefact));
      yield { id: `${sanction} ${epoch}`, keys: [key], sanction };
    }
  },
};
