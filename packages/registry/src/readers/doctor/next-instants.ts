import type { Db } from '../../kernel/database.ts';
import { nextInstantOf } from '../../records/next-instant.ts';
import { sanctionRows } from '../../records/store.ts';
import type { Difference } from '../entries/difference.ts';
import type { Scope } from '../entries/scope.ts';

const atOnce = 1_000;

/** Each record wakes the scheduler when its rows are due next: too late, and nobody would hear of a deadline in time. */
export async function* compareNextInstants(
  db: Db,
  cases: Scope,
): AsyncGenerator<Difference, void, undefined> {
  for (let after = ''; ;) {
    const rows = await sanctionRows(db)
      .where('s.id', '>', after)
      .where(cases.has('s.id'))
      .orderBy('s.id')
      .limit(atOnce)
      .execute();
    for (const row of rows) {
      const { id, next_at: at } = row;
      if (at?.getTime() === nextInstantOf(row)?.getTime()) continue;
      yield { code: 'next-differs', table: 'sanctions', id, what: 'next_at' };
    }
    const last = rows.at(-1);
    if (last === undefined) return;
    after = last.id;
  }
}
