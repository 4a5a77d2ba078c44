import { toBase64url, type EndCause, type ReasonCode } from '@recourse/protocol';
import { addDays } from '@recourse/protocol/review';
import { priorMatchDays } from '../schema/figures.ts';
import type { Db } from '../kernel/database.ts';
import type { SanctionRow } from '../records/store.ts';
import type { Vault } from '../vault/vault.ts';
import type { MemoryRow } from './facts-store.ts';
import type { EarlierRecord } from './facts.ts';
import {
  insertRemembered,
  lookupsOf,
  rememberedOf,
  toldSince,
  type RememberedRow,
} from './remembered-store.ts';

/** An incident is at most 24 months old when it is recorded: it is later than an end of before that. */
const refileDays = 731;

export interface RememberContext {
  readonly db: Db;
  readonly now: Date;
  readonly vault: Vault;
}

/**
 * Before the tokens of a record go, what they are still needed for is written down in hashes that say nothing by
 * themselves: that its submitter had it, and that it ended early; until when the conduct was that it was about; and which
 * platforms were told.
 * @param positions of the subjects that go; all of them by default
 */
export async function remember(
  { db, now, vault }: RememberContext,
  record: SanctionRow,
  positions?: readonly number[],
): Promise<void> {
  const { id: sanction, party, reason, end_cause: cause, end_at: at } = record;
  const lookups = await lookupsOf(db, sanction, positions);
  const told = await toldSince(db, { sanction, since: addDays(now, -priorMatchDays) });
  const isEarlyEnd = at !== null && cause !== null && cause !== 'draft-lapsed';
  const incident = { at: record.incident_to, until: addDays(record.incident_to, refileDays) };
  const mayReturn = record.submitted_at !== null && incident.until > now;
  await insertRemembered(
    db,
    lookups.flatMap((lookup): RememberedRow[] => [
      ...told.map((match) => ({
        hash: toldMemory(vault, { party: match.party, lookup }),
        cause: null,
        at: match.at,
        until: addDays(match.at, priorMatchDays),
      })),
      ...(mayReturn
        ? [{ ...incident, hash: incidentMemory(vault, { party, lookup }), cause: null }]
        : []),
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

/** The meaning of a row whose hash is that of a memory. */
type MemoryKind = 'ended' | 'incident' | 'told';

/** The hashes in hex, with what each would say, of what erased records of a group left of some subjects. */
export function memoriesOf(
  vault: Vault,
  query: {
    readonly parties: readonly string[];
    readonly lookups: readonly Uint8Array[];
    readonly reason: ReasonCode;
  },
): ReadonlyMap<string, MemoryKind> {
  const { parties, lookups, reason } = query;
  const about = parties.flatMap((party) => lookups.map((lookup) => ({ party, lookup })));
  return new Map(
    about.flatMap((one): [string, MemoryKind][] => [
      [endMemory(vault, { ...one, reason }).toString('hex'), 'ended'],
      [incidentMemory(vault, one).toString('hex'), 'incident'],
      [toldMemory(vault, one).toString('hex'), 'told'],
    ]),
  );
}

export async function rememberedIn(
  db: Db,
  { hashes, now }: { hashes: readonly string[]; now: Date },
): Promise<MemoryRow[]> {
  const rows = await rememberedOf(db, {
    hashes: hashes.map((hash) => Buffer.from(hash, 'hex')),
    now,
  });
  return rows.map(({ hash, cause, at }) => ({
    hash: Buffer.from(hash).toString('hex'),
    cause,
    at: at.toISOString(),
  }));
}

export interface GroupMemories {
  /** The records that the group had made of a subject, under this reason or another, before it was erased */
  readonly earlier: readonly EarlierRecord[];
  /** True where it was told of one of the subjects by a record that was erased since */
  readonly wasTold: boolean;
}

export function readMemories(
  rows: readonly MemoryRow[],
  { kinds, reason }: { kinds: ReadonlyMap<string, MemoryKind>; reason: ReasonCode },
): GroupMemories {
  const earlier = rows.flatMap((row): EarlierRecord[] => {
    const at = new Date(row.at);
    const kind = kinds.get(row.hash);
    if (kind === 'ended') return [endedEarly({ reason, at, cause: row.cause })];
    return kind === 'incident' ? [expiredAt({ reason, at })] : [];
  });
  return { earlier, wasTold: rows.some(({ hash }) => kinds.get(hash) === 'told') };
}

/** Reversed or withdrawn: the rule about it makes no difference. */
const endedEarly = ({
  reason,
  at,
  cause,
}: Pick<EarlierRecord, 'reason'> & { at: Date; cause: EndCause | null }): EarlierRecord => ({
  reason,
  incidentFrom: at,
  incidentTo: at,
  standing: {
    state: 'reversed',
    ended: { state: 'reversed', at, ...(cause === null ? {} : { cause }) },
  },
});

/** When it began is not kept: whatever is not later than its end may be about the same. */
const expiredAt = ({
  reason,
  at,
}: Pick<EarlierRecord, 'reason'> & { at: Date }): EarlierRecord => ({
  reason,
  incidentFrom: new Date(0),
  incidentTo: at,
  standing: { state: 'expired', ended: { state: 'expired', at } },
});

interface OfSubject {
  readonly party: string;
  readonly lookup: Uint8Array;
}

export const toldMemory = (vault: Vault, { party, lookup }: OfSubject): Buffer =>
  vault.memoryOf(['told', party, toBase64url(lookup)]);

export const incidentMemory = (vault: Vault, { party, lookup }: OfSubject): Buffer =>
  vault.memoryOf(['incident', party, toBase64url(lookup)]);

export const endMemory = (
  vault: Vault,
  { party, reason, lookup }: OfSubject & { reason: ReasonCode },
): Buffer => vault.memoryOf(['ended', party, reason, toBase64url(lookup)]);
