import { toTimestamp } from '@recourse/protocol';
import { sql } from 'kysely';
import { logged, says, type Kind, type ComparedRow } from './comparison.ts';
import { readRows } from './read-rows.ts';

/** What became of the registry's messages, and since when an identifier counts as told. What nobody took is said by no row. */
export const noticeDeliveries: Kind = {
  table: 'notice_deliveries',
  said: {
    'notice-delivered': ({ position, result }, { sanction, at }) =>
      result === 'unsent' ? [] : logged(result, sanction, position, at),
  },
  rows: async function* (db): AsyncGenerator<ComparedRow> {
    const rows = readRows<{
      sanction: string;
      position: number;
      result: 'taken' | 'refused';
      result_at: Date;
      bounced_at: Date | null;
      delivered_at: Date | null;
    }>(
      db,
      sql`select d.sanction, d.position, d.result, d.result_at, d.bounced_at,
        (select max(u.delivered_at) from subjects u
          where u.sanction = d.sanction and u.position = d.position) as delivered_at
        from notice_deliveries d where d.result in ('taken', 'refused')`,
    );
    for await (const { sanction, position, result, ...at } of rows) {
      const said = (what: string, when: Date) => says(what, sanction, position, toTimestamp(when));
      const wasTaken = result === 'taken' || at.bounced_at !== null;
      const keys = [said(wasTaken ? 'taken' : 'refused', at.delivered_at ?? at.result_at)];
      if (at.bounced_at) keys.push(said('bounced', at.bounced_at));
      yield { id: `${sanction} ${position}`, keys, sanction };
    }
  },
};
