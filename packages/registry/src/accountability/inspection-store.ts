import type { Id } from '@recourse/protocol';
import { sql, type Selectable } from 'kysely';
import type { InspectionDrawsTable, InspectionsTable, Db } from '../database.ts';

export interface InspectionRow extends Selectable<InspectionsTable> {
  item: Id<'itm'>;
  sanction: Id<'snc'>;
  appeal: Id<'apl'> | null;
}

const inspections = (db: Db) => db.selectFrom('inspections').selectAll().$castTo<InspectionRow>();

export const findInspection = (db: Db, item: string): Promise<InspectionRow | undefined> =>
  inspections(db).where('item', '=', item).executeTakeFirst();

export async function insertInspection(
  db: Db,
  inspection: Pick<InspectionRow, 'item' | 'sanction' | 'why' | 'appeal'>,
): Promise<void> {
  const unclaimed = { holder: null, assigned_at: null, statement: null, sealing_kid: null };
  await db
    .insertInto('inspections')
    .values({
      ...inspection,
      ...unclaimed,
      examine_by: null,
      evidence_due_at: null,
      closed_at: null,
    })
    .execute();
}

export async function changeInspection(
  db: Db,
  item: string,
  values: Partial<
    Pick<
      InspectionRow,
      'holder' | 'assigned_at' | 'statement' | 'sealing_kid' | 'evidence_due_at' | 'closed_at'
    >
  >,
): Promise<void> {
  await db
    .updateTable('inspections')
    .set(values)
    .where('item', '=', item)
    .where('closed_at', 'is', null)
    .execute();
}

/** What a reviewer was assigned and can still take, or has taken, and not voted on. */
export const inspectionsOfHolder = (
  db: Db,
  of: { holder: string; since: Date },
): Promise<InspectionRow[]> =>
  inspections(db)
    .where('holder', '=', of.holder)
    .where('closed_at', 'is', null)
    .where((where) =>
      where.or([where('statement', 'is not', null), where('assigned_at', '>', of.since)]),
    )
    .orderBy('item')
    .execute();

/** The inspection that is due first, of one submitter the newest record first, that this reviewer may make and nobody has. */
export async function takeWaitingInspection(
  db: Db,
  of: { holder: string; now: Date; since: Date },
): Promise<InspectionRow | undefined> {
  const { rows } = await sql<InspectionRow>`
    select u.* from inspections u join panel_items i on i.id = u.item
    where u.closed_at is null and u.statement is null
      and (u.assigned_at is null or u.assigned_at <= ${of.since})
      and may_vote(u.item, ${of.holder}, ${of.now})
    order by i.due_at, u.sanction desc limit 1 for update of u skip locked`.execute(db);
  return rows[0];
}

/** Open inspections of a platform's records. */
export const inspectionsAgainst = (db: Db, party: string): Promise<InspectionRow[]> =>
  db
    .selectFrom('inspections as u')
    .innerJoin('panel_items as i', 'i.id', 'u.item')
    .selectAll('u')
    .where('i.party', '=', party)
    .where('u.closed_at', 'is', null)
    .orderBy('u.item')
    .limit(100)
    .$castTo<InspectionRow>()
    .execute();

/** The first checkpoint that was signed since an instant, as its note. */
export async function firstCheckpointSince(
  db: Db,
  since: Date,
): Promise<{ size: number; note: string } | undefined> {
  return db
    .selectFrom('ledger_checkpoints')
    .select(['size', 'note'])
    .where('at', '>=', since)
    .orderBy('size')
    .limit(1)
    .executeTakeFirst();
}

/** Live records at the start of a quarter that nobody appealed. */
const drawable = (start: Date) => sql`
  s.submitted_at < ${start} and not s.end_recorded
  and least(s.expires_at, s.amended_until) > ${start}
  and not exists (select from ends e where e.sanction = s.id)
  and not exists (select from appeals a where a.sanction = s.id)
  and exists (select from case_keys k where k.sanction = s.id)`;

/** The platforms with such records of which nothing was drawn in this quarter. */
export async function undrawnParties(
  db: Db,
  of: { quarter: string; start: Date },
): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select p.id from parties p
    where not exists (
      select from inspection_draws d where d.party = p.id and d.quarter = ${of.quarter})
    and exists (select from sanctions s where s.party = p.id and ${drawable(of.start)})
    order by p.id`.execute(db);
  return rows.map(({ id }) => id);
}

export async function drawableRecords(
  db: Db,
  of: { party: string; start: Date },
): Promise<{ id: Id<'snc'>; wrapped: Uint8Array }[]> {
  const { rows } = await sql<{ id: Id<'snc'>; wrapped: Uint8Array }>`
    select s.id, k.wrapped from sanctions s join case_keys k on k.sanction = s.id
    where s.party = ${of.party} and ${drawable(of.start)} order by s.id`.execute(db);
  return rows;
}

/** False when the quarter was drawn already. */
export async function insertDraw(db: Db, draw: Selectable<InspectionDrawsTable>): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await db
    .insertInto('inspection_draws')
    .values(draw)
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirstOrThrow();
  return numInsertedOrUpdatedRows === 1n;
}

/** Every live record of a party that is not being inspected, the newest first. */
export async function liveUninspected(db: Db, of: { party: string; now: Date }): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select s.id from sanctions s
    where s.party = ${of.party} and s.submitted_at is not null and not s.end_recorded
      and least(s.expires_at, s.amended_until) > ${of.now}
      and not exists (select from ends e where e.sanction = s.id)
      and not exists (select from inspections u where u.sanction = s.id and u.closed_at is null)
    order by s.id desc`.execute(db);
  return rows.map(({ id }) => id);
}

/** Its submitter left, and a reviewer let it stand: it does not end with the membership. */
export async function setConfirmed(db: Db, of: { sanction: string; at: Date }): Promise<void> {
  await db
    .updateTable('sanctions')
    .set({ confirmed_at: of.at })
    .where('id', '=', of.sanction)
    .execute();
}

/** Many items at once, each of one record. */
export async function insertInspections(
  db: Db,
  of: {
    party: string;
    why: 're-examination' | 'leaving';
    items: readonly string[];
    sanctions: readonly string[];
    openedAt: Date;
    due: Date;
  },
): Promise<void> {
  const pairs = sql`unnest(${[...of.items]}::text[], ${[...of.sanctions]}::text[]) as r(item, sanction)`;
  await sql`insert into panel_items (id, kind, party, sanction, votes, opened_at, due_at)
    select r.item, 'inspection', ${of.party}, r.sanction, 1, ${of.openedAt}, ${of.due}
    from ${pairs}`.execute(db);
  // Undone by its due, one of a suspended party answers no check; one of a party that left has ended.
  const examineBy = of.why === 're-examination' ? of.due : null;
  await sql`insert into inspections (item, sanction, why, examine_by)
    select r.item, r.sanction, ${of.why}, ${examineBy}::timestamptz from ${pairs}`.execute(db);
}
