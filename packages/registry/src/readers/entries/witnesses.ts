import { jcs, type Json } from '@recourse/protocol';
import { sql } from 'kysely';
import { logged, says, type Kind, type ComparedRow } from './comparison.ts';
import { readRows } from './read-rows.ts';

/** Witness policies, each as it was logged. */
export const witnessPolicies: Kind = {
  table: 'witness_policies',
  said: {
    'witness-policy': (_, { at, detail }) => logged('policy', at, jcs({ ...detail })),
  },
  rows: async function* (db): AsyncGenerator<ComparedRow> {
    const rows = readRows<{ position: number; entry: string }>(
      db,
      sql`select position, entry from witness_policies`,
    );
    for await (const { position, entry } of rows) {
      const { at, detail } = JSON.parse(entry) as { at: string; detail: Json };
      yield { id: String(position), keys: [says('policy', at, jcs(detail))] };
    }
  },
};

/** Witnesses of now, as the newest policy names them. Their addresses are in no entry. */
export const witnesses: Kind = {
  table: 'witnesses',
  said: {
    'witness-policy': ({ witnesses: named }) => [
      {
        instead: 'witnesses',
        ...(named.length === 0 ? {} : { key: says('witnesses', jcs(named)) }),
      },
    ],
  },
  rows: async function* (db): AsyncGenerator<ComparedRow> {
    const now: { key: string; party: string }[] = [];
    const rows = readRows<{ key: string; party: string }>(
      db,
      sql`select key, party from witnesses where ended_at is null order by position`,
    );
    for await (const { key, party } of rows) now.push({ key, party });
    if (now.length > 0) yield { id: 'policy', keys: [says('witnesses', jcs(now))] };
  },
};
