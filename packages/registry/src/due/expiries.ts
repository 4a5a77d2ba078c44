import {
  deleteExpired,
  expiringTables,
  isExpiring,
  countExpired,
} from '../retention/expiry-store.ts';
import type { DueKind } from './due-kind.ts';

/** Rows that are kept for a time of their own, table by table: it is over. */
export const expiries: DueKind = {
  find: async (db, { now, except }) => {
    const due: string[] = [];
    for (const table of expiringTables) {
      if (!except.includes(table) && (await countExpired(db, { table, now, most: 1 })) > 0) {
        due.push(table);
      }
    }
    return due;
  },
  count: async (db, now) => {
    let count = 0;
    for (const table of expiringTables) count += await countExpired(db, { table, now });
    return count;
  },
  settle: ({ db, now }, { id, limit }) =>
    isExpiring(id) ? deleteExpired(db, { table: id, now, limit }) : Promise.resolve(0),
};
