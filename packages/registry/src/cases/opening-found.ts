import { caseKey, toTimestamp, type CaseOutput } from '@recourse/protocol';
import { findParty } from './party-store.ts';
import { standingOf } from '../sanctions/record.ts';
import { findSanction } from '../sanctions/store.ts';
import type { CaseContext, TokenLookup, Vouching } from './context.ts';
import { concernedBy, holdersByKeys, lockKey, type Concerned } from './find-store.ts';
import { changeHolder, insertHolder, liveHolder, type HolderRow } from './holder-store.ts';
import { assertPlainKey, foundKey, mostFound } from './secrets.ts';

type Found = CaseOutput<'case.prove'>['found'];

/**
 * Opens every case of a proven identifier by the new key and a number. Where that key opens one of them already,
 * by another identifier, the two are one proof more: the case keeps its number, and its facts can be read.
 *
 * The word of the platform that made a record is worth what its code is: it opens the case, and takes it from nobody.
 * A proof by such a key opens the case once more, under a number of its own.
 *
 * @param of `by` the platform whose word it is, where the registry did not see the proof itself
 */
export async function openFound(
  ctx: CaseContext,
  of: { newKey: string; lookups: readonly TokenLookup[]; by?: Vouching },
): Promise<Found> {
  const { newKey } = of;
  assertPlainKey(newKey);
  await lockKey(ctx.db, caseKey(newKey));
  const known = await numbered(ctx, newKey);
  const by = of.by && { ...of.by, now: ctx.now };
  const concerned = await concernedBy(ctx.db, of.lookups, by);
  const found: Found = [];
  for (const one of concerned) {
    const before = known.bySanction.get(one.sanction);
    const isMore = before?.row.way === 'code' && !one.bySubmitter;
    const n = before && !isMore ? before.n : known.next++;
    if (n > mostFound) break;
    await openOne(ctx, one, { row: isMore ? undefined : before?.row, newKey, n });
    found.push(await foundOf(ctx, one.sanction, n));
  }
  return found;
}

interface Numbered {
  readonly bySanction: Map<string, { n: number; row: HolderRow }>;
  next: number;
}

/** The cases that a key opens already, by number. */
async function numbered({ db }: CaseContext, newKey: string): Promise<Numbered> {
  const numbers = new Map(
    Array.from({ length: mostFound }, (_, i) => [foundKey(newKey, i + 1), i + 1]),
  );
  const rows = await holdersByKeys(db, [...numbers.keys()]);
  const all = rows.map((row) => ({ row, n: numbers.get(row.key_hash) ?? 0 }));
  // Where it opens a case twice, the proof comes last, and counts.
  const live = all
    .filter(({ row }) => row.ended_at === null)
    .toSorted((a, b) => a.row.way.localeCompare(b.row.way));
  return {
    bySanction: new Map(live.map((one) => [one.row.sanction, one])),
    next: Math.max(0, ...all.map(({ n }) => n)) + 1,
  };
}

async function openOne(
  ctx: CaseContext,
  { sanction, positions, bySubmitter }: Concerned,
  as: { row: HolderRow | undefined; newKey: string; n: number },
): Promise<void> {
  const { row, newKey, n } = as;
  if (!row) {
    return insertHolder(ctx.db, {
      key_hash: foundKey(newKey, n),
      sanction,
      way: bySubmitter ? 'code' : 'found',
      positions: [...positions],
      unlocked: false,
      holds: false,
      at: ctx.now,
    });
  }
  const all = [...new Set([...row.positions, ...positions])].toSorted((a, b) => a - b);
  // One identifier is one subject of a statement, so two places are two identifiers.
  await changeHolder(ctx.db, row.key_hash, {
    positions: all,
    unlocked: row.unlocked || all.length > 1,
  });
}

async function foundOf(ctx: CaseContext, sanction: string, n: number): Promise<Found[number]> {
  const record = (await findSanction(ctx.db, sanction))!;
  const { name } = await findParty(ctx.db, record.party);
  return {
    n,
    submitter: name,
    submittedAt: toTimestamp(record.submitted_at ?? ctx.now),
    state: standingOf(record, ctx.now).state,
    claimed: (await liveHolder(ctx.db, sanction)) !== undefined,
  };
}
