import { entryLeafHash, jcs, type Entry, type LoggedWitnessPolicy } from '@recourse/protocol';
import { sql } from 'kysely';
import type { Db } from '../kernel/database.ts';

type Witness = LoggedWitnessPolicy['witnesses'][number];

export interface RegisteredWitness extends Witness {
  readonly url: string;
}

/** The witnesses of now, in the order of registration. */
export async function currentWitnesses(db: Db): Promise<RegisteredWitness[]> {
  const rows = await db
    .selectFrom('witnesses')
    .select(['party', 'key', 'url'])
    .where('ended_at', 'is', null)
    .orderBy('position')
    .execute();
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a party that may have a witness, by the constraint
  return rows as RegisteredWitness[];
}

export interface AskedWitness extends RegisteredWitness {
  /** Size of the newest checkpoint that it has cosigned, 0 for none */
  readonly cosigned: number;
}

/**
 * Whoever is asked to cosign: the witnesses of now, and for an hour those of before, without whom nobody who pinned
 * their policy could follow to the next.
 */
export async function askedWitnesses(db: Db, now: Date): Promise<AskedWitness[]> {
  const { rows } = await sql<AskedWitness>`
    select distinct on (key) party, key, url,
      coalesce((select max(size) from ledger_cosignatures k where k.key = w.key), 0) as cosigned
    from witnesses w
    where ended_at is null or ended_at > ${new Date(now.getTime() - 3_600_000)}
    order by key, ended_at desc nulls first`.execute(db);
  return rows;
}

/** False when another party has this key or name. @throws a check violation for the key of the log */
export async function insertWitness(
  db: Db,
  witness: RegisteredWitness & { readonly at: Date },
): Promise<boolean> {
  const { party, key, url, at } = witness;
  const { numInsertedOrUpdatedRows } = await db
    .insertInto('witnesses')
    .values({ party, key, url, registered_at: at, ended_at: null })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirstOrThrow();
  return numInsertedOrUpdatedRows === 1n;
}

export async function endWitness(db: Db, party: string, at: Date): Promise<void> {
  await ofParty(db, party).set({ ended_at: at }).execute();
}

export async function moveWitness(db: Db, party: string, url: string): Promise<void> {
  await ofParty(db, party).set({ url }).execute();
}

const ofParty = (db: Db, party: string) =>
  db.updateTable('witnesses').where('party', '=', party).where('ended_at', 'is', null);

/** Adds a policy after those there are; two at once are kept apart by the lock of the caller, or by the key. */
export async function insertPolicy(db: Db, entry: Entry): Promise<void> {
  const leaf = Buffer.from(entryLeafHash(entry)).toString('hex');
  await sql`insert into witness_policies (position, entry, leaf)
    select coalesce(max(position) + 1, 0), ${jcs(entry)}, decode(${leaf}, 'hex')
    from witness_policies`.execute(db);
}

export async function hasPolicy(db: Db, entry: Entry): Promise<boolean> {
  const known = await db
    .selectFrom('witness_policies')
    .select('position')
    .where('leaf', '=', entryLeafHash(entry))
    .limit(1)
    .executeTakeFirst();
  return known !== undefined;
}

/** The first policy of a log; false when it has one. */
export async function insertFirstPolicy(db: Db, entry: Entry): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await db
    .insertInto('witness_policies')
    .values({ position: 0, entry: jcs(entry), leaf: entryLeafHash(entry) })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirstOrThrow();
  return numInsertedOrUpdatedRows === 1n;
}

/** A `witness-policy` entry, whole, as it was logged. */
export type PolicyEntry = Entry & { readonly detail: LoggedWitnessPolicy };

/** Every policy, the oldest first: whole entries. */
export async function readPolicies(db: Db): Promise<PolicyEntry[]> {
  const rows = await db
    .selectFrom('witness_policies')
    .select('entry')
    .orderBy('position')
    .execute();
  return rows.map(({ entry }) => policyEntry(entry));
}

/** The last policy, logged or about to be. */
export async function newestPolicy(db: Db): Promise<PolicyEntry | undefined> {
  const row = await db
    .selectFrom('witness_policies')
    .select('entry')
    .orderBy('position', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row && policyEntry(row.entry);
}

/** The last policy in the tree of the first `size` entries: each is looked up by its leaf, however long the log is. */
export async function policyIn(db: Db, size: number): Promise<PolicyEntry | undefined> {
  const { rows } = await sql<{ entry: string }>`
    select p.entry from witness_policies p
    cross join lateral (select index from ledger_entries where leaf = p.leaf offset 0) e
    where e.index < ${size} order by e.index desc limit 1`.execute(db);
  return rows[0] && policyEntry(rows[0].entry);
}

/** How many policies are looked at that came and went before anybody was shown them. */
const fewPolicies = 8;

/** The policies before the one of this leaf, the newest first; none for any other leaf. */
export async function policiesBefore(db: Db, leaf: Uint8Array): Promise<PolicyEntry[]> {
  const { rows } = await sql<{ entry: string }>`
    select entry from witness_policies where position < (
      select min(position) from witness_policies
      where leaf = decode(${Buffer.from(leaf).toString('hex')}, 'hex')
    ) order by position desc limit ${fewPolicies}`.execute(db);
  return rows.map(({ entry }) => policyEntry(entry));
}

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- written by this package, in one form
const policyEntry = (entry: string): PolicyEntry => JSON.parse(entry) as PolicyEntry;
