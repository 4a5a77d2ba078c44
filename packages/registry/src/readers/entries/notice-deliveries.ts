import { toTimestamp } from '@recourse/protocol';
import { sql } from 'kysely';
import { logged, says, type Kind, type ComparedRow } from './comparison.ts';
import { readRows } from './read-rows.ts';

/**
 * Messages of the registry: what became of them, and since when an identifier counts as told. No row says what nobody
 * took.
 */
export const noticeDeliveries: Kind = {
  table: 'notice_deliveries',
  said: {
    'notice-delivered': ({ position, result, by = [] }, { sanction, at }) =>
      result === 'unsent' ? [] : logged(result, sanction, position, at, ...by),
  },
  rows: async function* (db, cases): AsyncGenerator<ComparedRow> {
    const rows = readRows<{
      sanction: string;
      position: number;
      result: 'taken' | 'refused';
      result_at: Date;
      bounced_at: Date | null;
      bounced_by: string | null;
      confirmed_by: string | null;
      delivered_at: Date | null;
    }>(
      db,
      sql`select d.sanction, d.position, d.result, d.result_at, d.bounced_at, d.bounced_by, d.confirmed_by,
        (select max(u.delivered_at) from subjects u
          where u.sanction = d.sanction and u.position = d.position) as delivered_at
        from notice_deliveries d where d.result in ('taken', 'refused')
          and ${cases.has('d.sanction')}`,
    );
    for await (const { sanction, position, result, bounced_by, confirmed_by, ...at } of rows) {
      const said = (what: string, when: Date, ...by: (string | null)[]) =>
        says(what, sanction, position, toTimestamp(when), ...by);
      const wasTaken = result === 'taken' || at.bounced_at !== null;
      const keys = [said(wasTaken ? 'taken' : 'refused', at.delivered_at ?? at.result_at)];
      if (at.bounced_at) keys.push(said('bounced', at.bounced_at, bounced_by, confirmed_by));
      yield { id: `${sanction} ${position}`, keys, sanction };
    }
  },
};
