import type { DisputeEnd, Id } from '@recourse/protocol';
import { sql, type Insertable, type Selectable } from 'kysely';
import type { AuditDisputesTable, Db } from '../database.ts';

export interface AuditDisputeRow extends Selectable<AuditDisputesTable> {
  item: Id<'itm'>;
  sanction: Id<'snc'>;
}

interface Place {
  readonly item: string;
  readonly place: number;
}

/** Places of an audit whose evidence somebody says not to fit. */
export async function openDisputesOf(db: Db, item: string): Promise<number[]> {
  const rows = await db
    .selectFrom('audit_disputes')
    .select('place')
    .where('item', '=', item)
    .where('closed_at', 'is', null)
    .execute();
  return rows.map(({ place }) => place);
}

/** False where these bytes were disputed before. */
export async function insertAuditDispute(
  db: Db,
  row: Omit<Insertable<AuditDisputesTable>, 'second' | 'assigned_at' | 'closed_at' | 'closed_as'>,
): Promise<boolean> {
  const open = { second: null, assigned_at: null, closed_at: null, closed_as: null };
  const { numInsertedOrUpdatedRows } = await db
    .insertInto('audit_disputes')
    .values({ ...row, ...open })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirstOrThrow();
  return numInsertedOrUpdatedRows === 1n;
}

/** Whether an earlier delivery of a place was found not to fit. */
export async function hadAuditMismatch(db: Db, of: Place & { before: number }): Promise<boolean> {
  const row = await db
    .selectFrom('audit_disputes')
    .select('round')
    .where('item', '=', of.item)
    .where('place', '=', of.place)
    .where('round', '<', of.before)
    .where('closed_as', '=', 'mismatch')
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

export interface LookingAgain {
  readonly holder: string;
  readonly now: Date;
  /** Whoever was assigned one before that, and said nothing, has it no more */
  readonly since: Date;
}

/**
 * The open dispute that a reviewer may look at: their own assignment first, then the oldest. They belong to nobody in the
 * case, and came before the record in no other way.
 */
export async function eligibleAuditDispute(
  db: Db,
  of: LookingAgain & { only?: Place },
): Promise<AuditDisputeRow | undefined> {
  const { holder, now, since, only } = of;
  const { rows } = await sql<AuditDisputeRow>`
    select p.* from audit_disputes p
    where p.closed_at is null and p.holder <> ${holder}
      and (p.second is null or p.second = ${holder} or p.assigned_at <= ${since})
      and is_independent(p.sanction, ${holder}, ${now})
      and is_new_to(p.sanction, ${holder}, p.item)
      and (${only?.item ?? null}::text is null
        or (p.item = ${only?.item ?? null} and p.place = ${only?.place ?? null}))
    order by p.second is not distinct from ${holder} desc, p.at, p.item, p.place
    limit 1 for update skip locked`.execute(db);
  return rows[0];
}

/** The same for a read, of a place that is assigned to them. */
export async function assignedAuditDispute(
  db: Db,
  of: LookingAgain & Place,
): Promise<AuditDisputeRow | undefined> {
  const { rows } = await sql<AuditDisputeRow>`
    select p.* from audit_disputes p
    where p.closed_at is null and p.item = ${of.item} and p.place = ${of.place}
      and p.second = ${of.holder} and is_independent(p.sanction, ${of.holder}, ${of.now})
      and is_new_to(p.sanction, ${of.holder}, p.item)`.execute(db);
  return rows[0];
}

const open = (db: Db, of: Place) =>
  db
    .updateTable('audit_disputes')
    .where('item', '=', of.item)
    .where('place', '=', of.place)
    .where('closed_at', 'is', null);

export async function assignAuditSecond(
  db: Db,
  of: Place & { second: string; at: Date },
): Promise<void> {
  await open(db, of).set({ second: of.second, assigned_at: of.at }).execute();
}

/** With its end goes the key: nobody opens the bytes any more by it. */
export async function closeAuditDispute(
  db: Db,
  of: Place & { as: DisputeEnd; at: Date },
): Promise<void> {
  await open(db, of).set({ closed_at: of.at, closed_as: of.as, content_key: null }).execute();
}

/** The audit is over, and with it every open dispute. */
export async function mootDisputesOf(db: Db, of: { item: string; at: Date }): Promise<void> {
  await db
    .updateTable('audit_disputes')
    .set({ closed_at: of.at, closed_as: 'moot', content_key: null })
    .where('item', '=', of.item)
    .where('closed_at', 'is', null)
    .execute();
}
