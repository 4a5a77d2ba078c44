import { CompiledQuery } from 'kysely';
import type { Db as BossDatabase } from 'pg-boss';
import type { Db } from '../kernel/database.ts';

/**
 * The database as pg-boss asks it, over our own connections. What it sends without parameters may be several
 * statements with a transaction of their own: all go over one connection, which is given back without it.
 */
export const bossDatabase = (db: Db): BossDatabase => ({
  executeSql: (text, values = []) =>
    db.connection().execute(async (one) => {
      try {
        const { rows } = await one.executeQuery(CompiledQuery.raw(text, [...values]));
        // Of several statements postgres.js returns a list of rows each.
        return { rows: rows.flat() };
      } catch (error) {
        if (/^\s*begin\b/i.test(text)) await one.executeQuery(CompiledQuery.raw('rollback'));
        throw error;
      }
    }),
});
