import type { Selectable } from 'kysely';
import type { Db } from '../kernel/database.ts';
import type {
  AttestationsTable,
  AuthorityDemandsTable,
  OrdersTable,
} from '../schema/authorities.ts';
import type { AdmissionsTable, ObjectionsTable } from '../schema/parties.ts';

/** False when this party objected before. */
export async function insertObjection(db: Db, objection: ObjectionsTable): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await db
    .insertInto('objections')
    .values(objection)
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirstOrThrow();
  return numInsertedOrUpdatedRows === 1n;
}

/** Every objection, the oldest first. */
export const allObjections = (db: Db): Promise<ObjectionsTable[]> =>
  db.selectFrom('objections').selectAll().orderBy('at').orderBy('by_party').execute();

export const objectionsTo = (db: Db, party: string): Promise<ObjectionsTable[]> =>
  db
    .selectFrom('objections')
    .selectAll()
    .where('party', '=', party)
    .orderBy('at')
    .orderBy('by_party')
    .execute();

/** Reads what the panel decided, by party. */
export async function allAdmissions(db: Db): Promise<Map<string, AdmissionsTable['outcome']>> {
  const rows = await db.selectFrom('admissions').select(['party', 'outcome']).execute();
  return new Map(rows.map(({ party, outcome }) => [party, outcome]));
}

/** The database takes what the item says, and nothing else. */
export async function insertAdmission(db: Db, admission: AdmissionsTable): Promise<void> {
  await db.insertInto('admissions').values(admission).execute();
}

export async function insertDemand(
  db: Db,
  demand: Omit<AuthorityDemandsTable, 'logged'> & { logged: boolean },
): Promise<void> {
  await db
    .insertInto('authority_demands')
    .values(demand)
    // Read back from the ledger, a delayed one is here already.
    .onConflict((conflict) => conflict.column('id').doUpdateSet({ logged: demand.logged }))
    .execute();
}

export type DemandRow = Selectable<AuthorityDemandsTable>;

/** Reads the demands that may be published, the newest quarter first. */
export const publishedDemands = (db: Db, now: Date): Promise<DemandRow[]> =>
  db
    .selectFrom('authority_demands')
    .selectAll()
    .where('publish_at', '<=', now)
    .orderBy('quarter', 'desc')
    .orderBy('party')
    .orderBy('id')
    .execute();

const demandsToLog = (db: Db, now: Date) =>
  db.selectFrom('authority_demands').where('publish_at', '<=', now).where('logged', '=', false);

/** Demands whose delay is over and that the ledger does not have, but for some. */
export async function findDemandsToLog(
  db: Db,
  { now, except, limit }: { now: Date; limit: number; except: readonly string[] },
): Promise<string[]> {
  const rows = await demandsToLog(db, now)
    .select('id')
    .$if(except.length > 0, (query) => query.where('id', 'not in', except))
    .orderBy('publish_at')
    .orderBy('id')
    .limit(limit)
    .execute();
  return rows.map(({ id }) => id);
}

export async function countDemandsToLog(db: Db, now: Date): Promise<number> {
  const row = await demandsToLog(db, now)
    .select(({ fn }) => fn.countAll<string>().as('n'))
    .executeTakeFirstOrThrow();
  return Number(row.n);
}

/** Marks one as logged; none when another server did, or its time has not come. */
export const takeDemand = (
  db: Db,
  { id, now }: { id: string; now: Date },
): Promise<DemandRow | undefined> =>
  db
    .updateTable('authority_demands')
    .set({ logged: true })
    .where('id', '=', id)
    .where('logged', '=', false)
    .where('publish_at', '<=', now)
    .returningAll()
    .executeTakeFirst();

/** False when the statement of this quarter is there. */
export async function insertAttestation(db: Db, attestation: AttestationsTable): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await db
    .insertInto('attestations')
    .values(attestation)
    .onConflict((conflict) => conflict.columns(['party', 'quarter']).doNothing())
    .executeTakeFirstOrThrow();
  return numInsertedOrUpdatedRows === 1n;
}

export const allAttestations = (db: Db): Promise<AttestationsTable[]> =>
  db.selectFrom('attestations').selectAll().orderBy('quarter').orderBy('party').execute();

export async function insertOrder(db: Db, order: OrdersTable): Promise<void> {
  await db.insertInto('orders').values(order).execute();
}

/** True where an order about a record was executed then. */
export async function wasOrdered(
  db: Db,
  { sanction, at }: { sanction: string; at: Date },
): Promise<boolean> {
  const row = await db
    .selectFrom('orders')
    .select('proposal')
    .where('sanction', '=', sanction)
    .where('at', '=', at)
    .executeTakeFirst();
  return row !== undefined;
}

/** Executed orders, the newest first, without what they were about. */
export const allOrders = (db: Db): Promise<Omit<OrdersTable, 'sanction'>[]> =>
  db
    .selectFrom('orders')
    .select(['proposal', 'effect', 'body', 'dated', 'reference', 'at'])
    .orderBy('at', 'desc')
    .orderBy('proposal')
    .execute();
