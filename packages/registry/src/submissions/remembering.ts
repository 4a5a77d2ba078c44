import { reasonCodes, toBase64url, type ReasonCode } from '@recourse/protocol';
import { sql, type Selectable } from 'kysely';
import { addDays, priorMatchDays } from '../kernel/bounds.ts';
import type { Vault } from '../vault/vault.ts';
import type { Db, RememberedTable } from '../kernel/database.ts';
import type { EarlierRecord } from './facts.ts';
import type { SanctionRow } from '../records/store.ts';

/** An incident is at most 24 months old when it is recorded: it is later than an end of before that. */
const refileDays = 731;

interface RememberContext {
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

interface About {
  /** Of one group */
  readonly parties: readonly string[];
  readonly lookups: readonly Uint8Array[];
}

/** What one group had recorded of a subject, under this reason or another, before it was erased. */
export async function rememberedRecords(
  { db, now, vault }: RememberContext,
  of: About & { reason: ReasonCode },
): Promise<EarlierRecord[]> {
  const { reason } = of;
  const hashes = eachOf(of, (one) => incidentMemory(vault, one));
  const incidents = await rememberedOf(db, { hashes, now });
  return [
    ...(await rememberedEnds({ db, now, vault }, of)),
    ...incidents.map(({ at }): EarlierRecord => ({
      reason,
      // When it began is not kept: whatever is not later than its end may be about the same.
      incidentFrom: new Date(0),
      incidentTo: at,
      standing: { state: 'expired', ended: { state: 'expired', at } },
    })),
  ];
}

/** Records of one group, reason and subject that were erased after they had ended early. */
async function rememberedEnds(
  { db, now, vault }: RememberContext,
  of: About & { reason: ReasonCode },
): Promise<EarlierRecord[]> {
  const { reason } = of;
  const hashes = eachOf(of, (one) => endMemory(vault, { ...one, reason }));
  const rows = await rememberedOf(db, { hashes, now });
  return rows.map(({ at, cause }) => ({
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
  { db, now, vault }: RememberContext,
  of: About,
): Promise<boolean> {
  const hashes = eachOf(of, (one) => toldMemory(vault, one));
  return (await rememberedOf(db, { hashes, now })).length > 0;
}

/**
 * A record under a newer epoch shows which hash its tokens have from then on: what was remembered of the older ones by
 * any platform that was told, and by those of its group of what they had recorded, is remembered of the newer ones.
 */
export async function carryMemories(
  { db, now, vault }: RememberContext,
  of: { parties: readonly string[]; pairs: readonly { from: Uint8Array; to: Uint8Array }[] },
): Promise<void> {
  const newer = new Map<string, Buffer>();
  const carry = (hashOf: (lookup: Uint8Array) => Buffer): void => {
    for (const { from, to } of of.pairs) newer.set(hashOf(from).toString('hex'), hashOf(to));
  };
  for (const party of await platformIds(db))
    carry((lookup) => toldMemory(vault, { party, lookup }));
  for (const party of of.parties) {
    carry((lookup) => incidentMemory(vault, { party, lookup }));
    for (const reason of reasonCodes)
      carry((lookup) => endMemory(vault, { party, reason, lookup }));
  }
  const hashes = [...newer.keys()].map((hex) => Buffer.from(hex, 'hex'));
  const kept = await rememberedOf(db, { hashes, now });
  await insertRemembered(
    db,
    kept.map((row) => ({ ...row, hash: newer.get(Buffer.from(row.hash).toString('hex'))! })),
  );
}

interface OfSubject {
  readonly party: string;
  readonly lookup: Uint8Array;
}

const eachOf = ({ parties, lookups }: About, hashOf: (one: OfSubject) => Buffer): Buffer[] =>
  parties.flatMap((party) => lookups.map((lookup) => hashOf({ party, lookup })));

const toldMemory = (vault: Vault, { party, lookup }: OfSubject): Buffer =>
  vault.memoryOf(['told', party, toBase64url(lookup)]);

const incidentMemory = (vault: Vault, { party, lookup }: OfSubject): Buffer =>
  vault.memoryOf(['incident', party, toBase64url(lookup)]);

const endMemory = (
  vault: Vault,
  { party, reason, lookup }: OfSubject & { reason: ReasonCode },
): Buffer => vault.memoryOf(['ended', party, reason, toBase64url(lookup)]);

type RememberedRow = Selectable<RememberedTable>;

/** What is remembered already is so until the later of both. */
async function insertRemembered(db: Db, rows: readonly RememberedRow[]): Promise<void> {
  if (rows.length === 0) return;
  const distinct = [
    ...new Map(rows.map((row) => [Buffer.from(row.hash).toString('hex'), row])).values(),
  ];
  await db
    .insertInto('remembered')
    .values(distinct)
    .onConflict((conflict) =>
      conflict.column('hash').doUpdateSet({
        at: sql<Date>`greatest(remembered.at, excluded.at)`,
        until: sql<Date>`greatest(remembered.until, excluded.until)`,
      }),
    )
    .execute();
}

const rememberedOf = (
  db: Db,
  of: { hashes: readonly Uint8Array[]; now: Date },
): Promise<RememberedRow[]> =>
  of.hashes.length === 0
    ? Promise.resolve([])
    : db
        .selectFrom('remembered')
        .selectAll()
        .where('hash', 'in', of.hashes)
        .where('until', '>', of.now)
        .execute();

async function platformIds(db: Db): Promise<string[]> {
  const rows = await db.selectFrom('parties').select('id').where('kind', '=', 'platform').execute();
  return rows.map(({ id }) => id);
}

/** The last time that each platform was told of a sanction, no longer ago than this. */
async function toldSince(
  db: Db,
  of: { sanction: string; since: Date },
): Promise<{ party: string; at: Date }[]> {
  const { rows } = await sql<{ party: string; at: Date }>`
    select party, max(told_at) as at from matches
    where sanction = ${of.sanction} and told_at > ${of.since} group by party`.execute(db);
  return rows;
}

/** The lookups of a sanction under every epoch that it had tokens of. */
async function lookupsOf(
  db: Db,
  sanction: string,
  positions?: readonly number[],
): Promise<Uint8Array[]> {
  const rows = await db
    .selectFrom('subjects')
    .select(['lookup', 'position'])
    .where('sanction', '=', sanction)
    .execute();
  return rows
    .filter(({ position }) => positions?.includes(position) ?? true)
    .map(({ lookup }) => lookup);
}
