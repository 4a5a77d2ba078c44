import { countExpired, deleteExpired, isExpiring } from '../retention/expiry-store.ts';
import type { DueKind } from './due-kind.ts';

/** Rows that are kept for a time of their own, table by table: it is over. */
export const expiries: DueKind = {
  find: async (db, { now, except }) => {
    const due = (await countExpired(db, { now, most: 1 })).map(({ table }) => table);
    return due.filter((table) => !except.includes(table));
  },
  count: async (db, now) => (await countExpired(db, { now })).reduce((sum, { n }) => sum + n, 0),
  settle: ({ db, now }, { id, limit }) =>
    isExpiring(id) ? deleteExpired(db, { table: id, now, limit }) : Promise.resolve(0),
};
