import { caseKey, toTimestamp, type CaseInput, type CaseOutput } from '@recourse/protocol';
import { standingOf } from '../records/record.ts';
import { findSanction } from '../records/store.ts';
import {
  addWays,
  claimantsBySecrets,
  insertClaimant,
  type WayRow,
} from '../review/claimant-store.ts';
import type { CaseContext, TokenLookup, Voucher } from './context.ts';
import { concernedBy, lockKey, type ConcernedRecord } from './find-store.ts';
import { assertPlainKey, foundKey, mostFound, newClaimantId } from './secrets.ts';
import { partyOf } from '../parties/store.ts';
import { signingKeyOf } from './signed-act.ts';
import { tellVoucher } from './tell-voucher.ts';

type FoundCases = CaseOutput<'case.prove'>['found'];

type EntryKeys = Pick<CaseInput<'case.prove'>, 'newKey' | 'signingKey'>;

/**
 * Opens every case of a proven identifier by the new key and a number. Where that key opens one of them already, that
 * claimant has one way more, and the case keeps its number: 0 where the key itself opens it.
 *
 * The word of the platform that made a record is worth what a code is that it handed out.
 * @param keys `by`: the platform whose word it is, where the registry did not see the proof itself
 */
export async function openFound(
  ctx: CaseContext,
  keys: EntryKeys & { lookups: readonly TokenLookup[]; by?: Voucher & TokenLookup },
): Promise<FoundCases> {
  const { newKey } = keys;
  const signing = signingKeyOf(keys.signingKey);
  assertPlainKey(newKey);
  await lockKey(ctx.db, caseKey(newKey));
  const known = await numbered(ctx, newKey);
  const by = keys.by && { ...keys.by, now: ctx.now };
  const found: FoundCases = [];
  for (const one of await concernedBy(ctx.db, keys.lookups, by)) {
    const before = known.bySanction.get(one.sanction);
    const n = before?.n ?? known.next;
    if (n > mostFound) break;
    if (keys.by && !(await tellVoucher(ctx, keys.by, one))) continue;
    if (!before) known.next++;
    const claimant =
      before?.id ?? (await enter(ctx, one, { secret: foundKey(newKey, n), signing_key: signing }));
    await addWays(ctx.db, {
      claimant,
      sanction: one.sanction,
      ...wayOf(one, keys.by),
      at: ctx.now,
      proven_at: ctx.now,
    });
    found.push(await foundOf(ctx, one.sanction, n));
  }
  return found;
}

const wayOf = (
  { bySubmitter, positions, byPhone }: ConcernedRecord,
  by: Voucher | undefined,
): Pick<WayRow, 'way' | 'by_phone'> & { readonly positions: readonly (number | null)[] } => {
  if (bySubmitter) return { way: 'handed', positions: [null], by_phone: false };
  return { way: by ? 'ticket' : 'proof', positions, by_phone: byPhone };
};

interface NumberedCases {
  readonly bySanction: ReadonlyMap<string, { readonly n: number; readonly id: string }>;
  next: number;
}

/** The cases that a key opens already, by number. */
async function numbered({ db }: CaseContext, newKey: string): Promise<NumberedCases> {
  const numbers = new Map([
    [caseKey(newKey), 0],
    ...Array.from({ length: mostFound }, (_, i) => [foundKey(newKey, i + 1), i + 1] as const),
  ]);
  const rows = await claimantsBySecrets(db, [...numbers.keys()]);
  const all = rows.map((row) => ({ row, n: numbers.get(row.secret) ?? 0 }));
  const live = all.filter(({ row }) => row.left_at === null && row.kind !== 'representative');
  return {
    bySanction: new Map(live.map(({ row, n }) => [row.sanction, { n, id: row.id }])),
    next: Math.max(0, ...all.map(({ n }) => n)) + 1,
  };
}

async function enter(
  ctx: CaseContext,
  { sanction }: ConcernedRecord,
  claimant: { secret: string; signing_key: string | null },
): Promise<string> {
  const id = newClaimantId(ctx);
  await insertClaimant(ctx.db, {
    id,
    sanction,
    ...claimant,
    kind: 'self',
    acts_for: null,
    since: ctx.now,
  });
  return id;
}

async function foundOf(ctx: CaseContext, sanction: string, n: number): Promise<FoundCases[number]> {
  const record = (await findSanction(ctx.db, sanction))!;
  const { name } = await partyOf(ctx.db, record.party);
  return {
    n,
    submitter: name,
    submittedAt: toTimestamp(record.submitted_at ?? ctx.now),
    state: standingOf(record, ctx.now).state,
  };
}
