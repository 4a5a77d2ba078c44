import { toTimestamp, type OpInput, type OpOutput } from '@recourse/protocol';
import type { CallContext } from '../context/context.ts';
import { countTold } from '../told/recalls/store.ts';
import { weekStart } from '../told/recalls/told-number.rules.ts';
import { isDisputedAt } from '../records/life.rules.ts';
import { lifeOf, standingOf } from '../records/record.ts';
import { findSanction, listSanctions, wasTold, type SanctionRow } from '../records/store.ts';
import { cursorId, cursorOf, recordOf, resultOf } from './views.ts';
import { found } from '../kernel/refusal.ts';

/** Own records, the newest first. */
export async function listOwnSanctions(
  ctx: CallContext,
  input: OpInput<'sanctions.list'>,
): Promise<OpOutput<'sanctions.list'>> {
  const { rows, next } = await ownPage(ctx, input);
  const told = await countTold(
    ctx.db,
    rows.map(({ id }) => id),
    { before: weekStart(ctx.now) },
  );
  const sanctions = rows.map((row) => {
    const { statement: _, ...record } = recordOf(row, {
      now: ctx.now,
      told: told.get(row.id) ?? 0,
    });
    return record;
  });
  return { sanctions, ...next };
}

/** States of own records, the newest first: no reason, no dates of the act, nobody who was told. */
export async function listOwnStates(
  ctx: CallContext,
  input: OpInput<'sanctions.states'>,
): Promise<OpOutput<'sanctions.states'>> {
  const { rows, next } = await ownPage(ctx, input);
  const states = rows.map((row) => ({
    ...statusOf(row, ctx.now),
    ...(row.ref === null ? {} : { ref: row.ref }),
  }));
  return { states, ...next };
}

/** States are computed, not stored: a page by state reads on until it is full, and over this many records at most. */
const mostRead = 1000;
const readAtOnce = 100;

async function ownPage(
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

/** A record that the caller was told of, as it stands. */
export async function statusOfSanction(
  ctx: CallContext,
  { sanction }: OpInput<'sanctions.status'>,
): Promise<OpOutput<'sanctions.status'>> {
  const told = await wasTold(ctx.db, { sanction, party: ctx.caller.party });
  const row = found(await findSanction(ctx.db, sanction), () => told);
  return statusOf(row, ctx.now);
}

const statusOf = (row: SanctionRow, now: Date): OpOutput<'sanctions.status'> => ({
  ...resultOf(row, now),
  disputed: isDisputedAt(lifeOf(row), now),
  expiresAt: toTimestamp(row.amended_until ?? row.expires_at),
});
