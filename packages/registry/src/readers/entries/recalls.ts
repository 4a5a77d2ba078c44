import { toTimestamp } from '@recourse/protocol';
import { sql } from 'kysely';
import { logged, says, type Kind, type ComparedRow } from './comparison.ts';
import { readRows } from './read-rows.ts';

/** Disclosures: a platform was told of a version of a sanction. */
export const disclosures: Kind = {
  table: 'disclosures',
  said: {
    'sanction-disclosed': ({ version }, { sanction, party, at }) =>
      logged('disclosed', sanction, version, party, at),
  },
  rows: async function* (db, cases): AsyncGenerator<ComparedRow> {
    const rows = readRows<{ sanction: string; version: number; party: string; at: Date }>(
      db,
      sql`select sanction, version, party, at from disclosures where ${cases.has('sanction')}`,
    );
    for await (const { sanction, version, party, at } of rows) {
      const key = says('disclosed', sanction, version, party, toTimestamp(at));
      yield { id: `${sanction} ${version} ${party}`, keys: [key], sanction };
    }
  },
};

/** Recalls as they were issued, and as they were found overdue. */
export const recalls: Kind = {
  table: 'recalls',
  said: {
    'recall-issued': ({ recall, version, kind }, { sanction, party }) =>
      logged('issued', recall, sanction, party, version, kind),
    'recall-overdue': ({ recall }) => logged('overdue', recall),
  },
  rows: async function* (db, cases): AsyncGenerator<ComparedRow> {
    const rows = readRows<{
      id: string;
      sanction: string;
      party: string;
      version: number;
      kind: string;
      overdue: boolean;
    }>(
      db,
      sql`select id, sanction, party, version, kind, overdue_at is not null as overdue from recalls
        where ${cases.has('sanction')}`,
    );
    for await (const { id, sanction, party, version, kind, overdue } of rows) {
      const keys = [says('issued', id, sanction, party, version, kind)];
      if (overdue) keys.push(says('overdue', id));
      yield { id, keys, sanction };
    }
  },
};

/** Acknowledgements of recalls, and that they closed them. */
export const acknowledgements: Kind = {
  table: 'acknowledgements',
  said: {
    'recall-acknowledged': ({ recall, action, copies }, { party, ack }) =>
      logged('acknowledged', recall, party, ack, action, copies),
  },
  rows: async function* (db, cases): AsyncGenerator<ComparedRow> {
    const rows = readRows<{
      recall: string;
      sanction: string;
      party: string;
      ack: string;
      action: string;
      copies: string;
      closed: boolean;
    }>(
      db,
      sql`select a.recall, r.sanction, a.party, a.ack, a.action, a.copies,
        r.acknowledgement is not null as closed
        from acknowledgements a join recalls r on r.id = a.recall where ${cases.has('r.sanction')}`,
    );
    for await (const { recall, sanction, party, ack, action, copies, closed } of rows) {
      const about = closed ? 'acknowledged' : 'open';
      yield { id: recall, keys: [says(about, recall, party, ack, action, copies)], sanction };
    }
  },
};
