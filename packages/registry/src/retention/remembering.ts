import { toBase64url, type ReasonCode } from '@recourse/protocol';
import { addDays } from '../bounds.ts';
import type { Vault } from '../cases/vault.ts';
import type { Db } from '../database.ts';
import { priorMatchDays } from '../echoes/echo.ts';
import type { EarlierRecord } from '../sanctions/facts.ts';
import type { SanctionRow } from '../sanctions/store.ts';
import { subjectsOf } from '../sanctions/store.ts';
import { insertRemembered, rememberedOf, toldSince, type Remembered } from './remembered-store.ts';

/** An incident is at most 24 months old when it is recorded: it is later than an end of before that. */
const refileDays = 731;

interface Remembering {
  readonly db: Db;
  readonly now: Date;
  readonly vault: Vault;
}

/**
 * Before the tokens of a record go, what they are still needed for is written down in hashes that say nothing by
 * themselves: that its submitter had it, and that it ended early; and which platforms were told.
 */
export async function remember(
  { db, now, vault }: Remembering,
  record: SanctionRow,
): Promise<void> {
  const { id: sanction, party, reason, end_cause: cause, end_at: at } = record;
  const lookups = (await subjectsOf(db, sanction)).map(({ lookup }) => lookup);
  const told = await toldSince(db, { sanction, since: addDays(now, -priorMatchDays) });
  const isEarlyEnd = at !== null && cause !== null && cause !== 'draft-lapsed';
  await insertRemembered(
    db,
    lookups.flatMap((lookup): Remembered[] => [
      ...told.map((match) => ({
        hash: toldMemory(vault, { party: match.party, lookup }),
        cause: null,
        at: match.at,
        until: addDays(match.at, priorMatchDays),
      })),
      ...(isEarlyEnd
        ? [
            {
              hash: endMemory(vault, { party, reason, lookup }),
              cause,
              at,
              until: addDays(at, refileDays),
            },
          ]
        : []),
    ]),
  );
}

interface About {
  readonly party: string;
  readonly lookups: readonly Uint8Array[];
}

/** Records of one platform, reason and subject that were erased after they had ended early. */
export async function rememberedEnds(
  { db, now, vault }: Remembering,
  { party, lookups, reason }: About & { reason: ReasonCode },
): Promise<EarlierRecord[]> {
  const hashes = lookups.map((lookup) => endMemory(vault, { party, reason, lookup }));
  const rows = await rememberedOf(db, { hashes, now });
  return rows.map(({ at, cause }) => ({
    id: '',
    // A lapse is filed once more within 90 d, and erased later than that.
    isFirstFiling: false,
    reason,
    incidentFrom: at,
    incidentTo: at,
    // Reversed or withdrawn: the rule about it makes no difference.
    standing: {
      state: 'reversed',
      ended: { state: 'reversed', at, ...(cause === null ? {} : { cause }) },
    },
  }));
}

/** Whether one of these platforms was told of one of these subjects by a record that was erased since. */
export async function wasToldBefore(
  { db, now, vault }: Remembering,
  { parties, lookups }: { parties: readonly string[]; lookups: readonly Uint8Array[] },
): Promise<boolean> {
  const hashes = parties.flatMap((party) =>
    lookups.map((lookup) => toldMemory(vault, { party, lookup })),
  );
  return (await rememberedOf(db, { hashes, now })).length > 0;
}

interface OfSubject {
  readonly party: string;
  readonly lookup: Uint8Array;
}

const toldMemory = (vault: Vault, { party, lookup }: OfSubject): Buffer =>
  vault.memoryOf(['told', party, toBase64url(lookup)]);

const endMemory = (
  vault: Vault,
  { party, reason, lookup }: OfSubject & { reason: ReasonCode },
): Buffer => vault.memoryOf(['ended', party, reason, toBase64url(lookup)]);
