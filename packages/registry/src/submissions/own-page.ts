import { toTimestamp, type OpInput, type OpOutput } from '@recourse/protocol';
import type { CallContext } from '../context/context.ts';
import { isDisputedAt } from '../records/life.rules.ts';
import { expiryOf, lifeOf, standingOf } from '../records/record.ts';
import { listSanctions, type SanctionRow } from '../records/store.ts';
import { cursorId, cursorOf, resultOf } from './views.ts';

/** States are computed, not stored: a page by state reads on until it is full, and over this many records at most. */
const mostRead = 1000;

const readAtOnce = 100;

export async function ownPage(
  { db, caller, now }: CallContext,
  { cursor, limit = 50, state, ...which }: OpInput<'sanctions.list'>,
): Promise<{ rows: SanctionRow[]; next: { next?: string } }> {
  const size = state === undefined ? limit : readAtOnce;
  const perhaps = state === undefined ? undefined : { state, now };
  const rows: SanctionRow[] = [];
  let before = cursor === undefined ? undefined : cursorId(cursor);
  for (let read = 0; read < mostRead; read += size) {
    const of = { ...which, party: caller.party, before, limit: size, perhaps };
    const some = await listSanctions(db, of);
    rows.push(...some.filter((row) => !state || standingOf(row, now).state === state));
    const last = rows[limit - 1];
    if (last) return { rows: rows.slice(0, limit), next: { next: cursorOf(last.id) } };
    if (some.length < size) return { rows, next: {} };
    before = some.at(-1)?.id;
  }
  return { rows, next: before === undefined ? {} : { next: cursorOf(before) } };
}

export const statusOf = (row: SanctionRow, now: Date): OpOutput<'sanctions.status'> => ({
  ...resultOf(row, now),
  disputed: isDisputedAt(lifeOf(row), now),
  expiresAt: toTimestamp(expiryOf(row)),
});
