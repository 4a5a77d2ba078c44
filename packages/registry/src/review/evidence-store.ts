import type { GeneralJwe } from '@recourse/protocol';
import { sql, type OperationNodeSource } from 'kysely';
import { CaseKey, sealByItself, placeOf } from '../vault/vault.ts';
import type { Db } from '../kernel/database.ts';
import type { DeliveriesTable } from '../schema/evidence.ts';
import type { DeliveryFacts } from './evidence.rules.ts';

/** Bytes that were delivered, and the key that they are sealed by. */
export interface KeptEvidence {
  readonly id: string;
  readonly key: Uint8Array;
}

/** Keeps what was delivered, once: any delivery that seals the key under its own case has the bytes. */
export async function keepEvidence(db: Db, id: string, jwe: GeneralJwe): Promise<KeptEvidence> {
  const { key, sealed } = sealByItself(jwe, placeOf('sealed_evidence.sealed', { id }));
  await db.insertInto('sealed_evidence').values({ id, sealed }).execute();
  return { id, key };
}

/** A delivery whose bytes are there. */
export interface HeldDelivery extends Place {
  readonly round: number;
  readonly at: Date;
  readonly evidence: string;
  /** The key of the bytes, sealed under that of the case */
  readonly sealed: Uint8Array;
  readonly bytes: Uint8Array;
}

export function openHeld(caseKey: CaseKey, held: HeldDelivery): GeneralJwe {
  const key = caseKey.open(held.sealed, placeOf('deliveries.sealed', held));
  const place = placeOf('sealed_evidence.sealed', { id: held.evidence });
  return new CaseKey(key).openJson(held.bytes, place) as GeneralJwe;
}

/** Said not to fit by one reviewer, and not looked at by another yet. */
const isDisputed = sql<boolean>`exists (
  select from disputes p where p.review = deliveries.review and p.item = deliveries.item
    and p.round = deliveries.round and p.closed_at is null)`;

/** Deliveries of a case without their bytes. */
export const deliveriesOf = (db: Db, review: string): Promise<DeliveryFacts[]> =>
  db
    .selectFrom('deliveries')
    .select(['item', 'round', 'sealed_to', 'rejected_why'])
    .select(sql<boolean>`sealed is not null`.as('held'))
    .select(sql<boolean>`${isDisputed}`.as('disputed'))
    .where('review', '=', review)
    .orderBy('item')
    .orderBy('round')
    .execute();

interface Place {
  readonly review: string;
  readonly item: number;
}

/** Returns the number of the next round of an item; the caller holds the lock of its sanction. */
export async function nextRound(db: Db, { review, item }: Place): Promise<number> {
  const { rounds } = await db
    .selectFrom('deliveries')
    .select((select) => select.fn.countAll<string>().as('rounds'))
    .where('review', '=', review)
    .where('item', '=', item)
    .executeTakeFirstOrThrow();
  return Number(rounds);
}

/** The next round of an item; what it replaces is destroyed, unless another reviewer has to look at it. */
export async function insertDelivery(
  db: Db,
  delivery: Place & {
    sanction: string;
    round: number;
    sealedTo: string[];
    sealed: Uint8Array;
    evidence: string;
    at: Date;
  },
): Promise<void> {
  const { sealedTo, ...of } = delivery;
  await destroyed(
    db,
    held(db, of)
      .set({ sealed: null })
      .where(isDisputed, '=', false)
      .returning(['round', 'evidence']),
  );
  const row = { ...of, sealed_to: sealedTo };
  await db
    .insertInto('deliveries')
    .values({ ...row, rejected_at: null, rejected_why: null })
    .execute();
}

/** Reads what counts of an item, with its bytes, or one round of it; none where it was destroyed. */
export async function lastDelivered(
  db: Db,
  { review, item, round }: Place & { round?: number },
): Promise<HeldDelivery | undefined> {
  const row = await db
    .selectFrom('deliveries as d')
    .leftJoin('sealed_evidence as e', 'e.id', 'd.evidence')
    .select([
      'd.review',
      'd.item',
      'd.round',
      'd.sealed',
      'd.at',
      'd.evidence',
      'e.sealed as bytes',
    ])
    .where('d.review', '=', review)
    .where('d.item', '=', item)
    .$if(round !== undefined, (query) => query.where('d.round', '=', round!))
    .orderBy('d.round', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row?.sealed && row.bytes ? { ...row, sealed: row.sealed, bytes: row.bytes } : undefined;
}

/** Where else the same bytes are held, in the order in which cases are locked. */
export const heldElsewhere = (
  db: Db,
  { evidence, review }: { review: string; evidence: string },
): Promise<(Place & { readonly round: number })[]> =>
  db
    .selectFrom('deliveries')
    .select(['review', 'item', 'round'])
    .where('evidence', '=', evidence)
    .where('review', '<>', review)
    .where('sealed', 'is not', null)
    .orderBy('sanction')
    .execute();

const held = (db: Db, { review, item }: Place) =>
  db
    .updateTable('deliveries')
    .where('review', '=', review)
    .where('item', '=', item)
    .where('sealed', 'is not', null);

/** Destroys the bytes of an item, of one round or of all that are there; the rounds that were destroyed. */
export async function reject(
  db: Db,
  rejection: Place & {
    round?: number;
    at: Date;
    why: NonNullable<DeliveriesTable['rejected_why']>;
  },
): Promise<number[]> {
  const { round, at, why } = rejection;
  return destroyed(
    db,
    held(db, rejection)
      .set({ sealed: null, rejected_at: at, rejected_why: why })
      .$if(round !== undefined, (query) => query.where('round', '=', round!))
      .returning(['round', 'evidence']),
  );
}

/** Destroys keys, and in the same statement the bytes that no other delivery has the key of; the rounds. */
async function destroyed(
  db: Db,
  /** Returns round and evidence */
  keys: OperationNodeSource,
): Promise<number[]> {
  const { rows } = await sql<{ rounds: number[] }>`with gone as (${keys})
    select coalesce(array_agg(round order by round), '{}') as rounds, drop_evidence(array_agg(evidence)) from gone`.execute(
    db,
  );
  return rows[0]?.rounds ?? [];
}

/** Whatever bytes are there of a record. */
export const heldDeliveries = (
  db: Db,
  sanction: string,
): Promise<(Place & { readonly round: number })[]> =>
  db
    .selectFrom('deliveries')
    .select(['review', 'item', 'round'])
    .where('sanction', '=', sanction)
    .where('sealed', 'is not', null)
    .execute();

/** When the first item of a case was rejected. */
export async function firstRejection(db: Db, review: string): Promise<Date | null> {
  const row = await db
    .selectFrom('deliveries')
    .select((select) => select.fn.min('rejected_at').as('at'))
    .where('review', '=', review)
    .executeTakeFirst();
  return row?.at ?? null;
}

/** True where an item had been found not to fit by the time that it was delivered again. */
export async function hadMismatch(
  db: Db,
  { review, item, before }: Place & { before: Date },
): Promise<boolean> {
  const row = await db
    .selectFrom('deliveries')
    .select('round')
    .where('review', '=', review)
    .where('item', '=', item)
    .where('rejected_why', '=', 'mismatch')
    .where('rejected_at', '<=', before)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}
