import { toTimestamp, type OpInput, type OpOutput } from '@recourse/protocol';
import type { CallContext } from '../context/context.ts';
import { countTold } from '../told/recalls/store.ts';
import { weekStart } from '../told/recalls/told-number.rules.ts';
import { isDisputedAt } from '../records/life.rules.ts';
import { lifeOf } from '../records/record.ts';
import { findSanction, listSanctions, wasTold, type SanctionRow } from '../records/store.ts';
import { cursorId, cursorOf, recordOf, resultOf } from './views.ts';
import { found } from '../kernel/refusal.ts';

/** Own records, the newest first. */
export async function listOwnSanctions(
  ctx: CallContext,
  { cursor, limit = 50, state }: OpInput<'sanctions.list'>,
): Promise<OpOutput<'sanctions.list'>> {
  const { rows, next } = await ownPage(ctx, { cursor, limit });
  const told = await countTold(
    ctx.db,
    rows.map(({ id }) => id),
    { before: weekStart(ctx.now) },
  );
  const records = rows.map((row) => {
    const { statement: _, ...record } = recordOf(row, {
      now: ctx.now,
      told: told.get(row.id) ?? 0,
    });
    return record;
  });
  // A page by state may hold fewer records than its limit: states are computed, not stored.
  const sanctions = records.filter((record) => state === undefined || record.state === state);
  return { sanctions, ...next };
}

/** States of own records, the newest first: no reason, no dates of the act, nobody who was told. */
export async function listOwnStates(
  ctx: CallContext,
  { cursor, limit = 50, state }: OpInput<'sanctions.states'>,
): Promise<OpOutput<'sanctions.states'>> {
  const { rows, next } = await ownPage(ctx, { cursor, limit });
  const states = rows.map((row) => ({
    ...statusOf(row, ctx.now),
    ...(row.ref === null ? {} : { ref: row.ref }),
  }));
  return { states: states.filter((one) => state === undefined || one.state === state), ...next };
}

async function ownPage(
  { db, caller }: CallContext,
  { cursor, limit }: { cursor: string | undefined; limit: number },
): Promise<{ rows: SanctionRow[]; next: { next?: string } }> {
  const before = cursor === undefined ? undefined : cursorId(cursor);
  const rows = await listSanctions(db, { party: caller.party, before, limit });
  const last = rows.at(-1);
  return { rows, next: last && rows.length === limit ? { next: cursorOf(last.id) } : {} };
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
