import { decidedCauses, reversalCauses, toBase64url, type ReversalCause } from '@recourse/protocol';
import { addDays } from '@recourse/protocol/review';
import type { Happenings, Reaction } from '../records/transition-context.ts';
import type { Vault } from '../vault/vault.ts';
import { insertReversals, judgedSubjects, type ReversalRow } from './remembered-store.ts';

/** For as long as an incident may be recorded after it, and an end bars the same group. */
const reversalDays = 731;

type MeritCause = (typeof decidedCauses)[number];

/** A reversal that a reviewer decided on the merits. */
export type OnMerits = ReversalRow & { readonly cause: MeritCause };

const isReversalCause = (cause: string | undefined): cause is ReversalCause =>
  reversalCauses.some((one) => one === cause);

export const isOnMerits = (row: ReversalRow): row is OnMerits =>
  decidedCauses.some((one) => one === row.cause);

/**
 * A keyed hash of each token with outcome and cause stays for 24 months, beyond the erasure of the record. An order of a
 * court or a withdrawal that nobody appealed is no reversal.
 */
export const rememberReversal: Reaction<Happenings['endedEarly']> = async (ctx, change) => {
  if (change.ending.kind === 'reversed') await remember(ctx, change, 'reversed');
};

/** It had ended already. */
export const rememberFinding: Reaction = (ctx, change) => remember(ctx, change, 'finding');

const remember = async (
  ctx: Parameters<Reaction>[0],
  { record, cause, at }: Happenings['foundWrong'],
  outcome: ReversalRow['outcome'],
): Promise<void> => {
  if (isReversalCause(cause)) await rememberAs(ctx, { record, outcome, cause, at });
};

/** Of a reversal that only the log tells of the cause is lost, and it counts as one that a reviewer decided. */
export async function rememberAs(
  {
    db,
    services: { vault },
  }: Pick<Parameters<Reaction>[0], 'db'> & {
    readonly services: { readonly vault: Vault };
  },
  memory: Pick<ReversalRow, 'outcome' | 'cause' | 'at'> & {
    readonly record: { readonly id: string; readonly party: string };
  },
): Promise<void> {
  const { record, outcome, cause, at } = memory;
  const { id, party } = record;
  const { deciders, lookups } = await judgedSubjects(db, id);
  const until = addDays(at, reversalDays);
  await insertReversals(
    db,
    lookups.map((lookup) => ({
      hash: reversalMemory(vault, lookup),
      owner: ownerMemory(vault, { party, lookup }),
      outcome,
      cause,
      deciders,
      at,
      until,
    })),
  );
}

/** Those that are of another group. */
export function ofOthers(
  rows: readonly ReversalRow[],
  kept: { vault: Vault; parties: readonly string[]; lookups: readonly Uint8Array[] },
): ReversalRow[] {
  const own = new Set(
    kept.parties.flatMap((party) =>
      kept.lookups.map((lookup) => hex(ownerMemory(kept.vault, { party, lookup }))),
    ),
  );
  return rows.filter(({ owner }) => !own.has(hex(owner)));
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

export const reversalMemory = (vault: Vault, lookup: Uint8Array): Buffer =>
  vault.memoryOf(['reversed', toBase64url(lookup)]);

export const ownerMemory = (
  vault: Vault,
  { party, lookup }: { party: string; lookup: Uint8Array },
) => vault.memoryOf(['reversed-of', party, toBase64url(lookup)]);
