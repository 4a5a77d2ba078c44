import { sql, type Insertable, type RawBuilder, type Selectable } from 'kysely';
import type { Db } from '../kernel/database.ts';
import type { CaseContactsTable } from '../schema/claimants.ts';

export type ContactRow = Selectable<CaseContactsTable>;

/** An hour between two mails of one case: what happens meanwhile is in the next. */
const restHours = 1;
/** How long an address outlives its case where the last mail could not be handed in. */
const lateHours = 72;
const mostWaitMinutes = 24 * 60;

const hours = (n: number): RawBuilder<unknown> => sql.raw(`interval '${n} hours'`);

export const contactOf = (db: Db, claimant: string): Promise<ContactRow | undefined> =>
  db.selectFrom('case_contacts').selectAll().where('claimant', '=', claimant).executeTakeFirst();

/** How much has happened in a case so far. */
export async function newsIn(db: Db, sanction: string): Promise<number> {
  const { rows } = await sql<{ n: number }>`select case_news(${sanction}) as n`.execute(db);
  return rows[0]?.n ?? 0;
}

/** The one address of a claimant, unconfirmed. */
export async function insertContact(
  db: Db,
  contact: Pick<
    Insertable<CaseContactsTable>,
    'claimant' | 'sanction' | 'address' | 'stop' | 'at' | 'confirm_by' | 'told'
  >,
): Promise<void> {
  const { claimant, sanction } = contact;
  await db
    .with('look', (cte) => cte.insertInto('contact_looks').values({ claimant, sanction }))
    .insertInto('case_contacts')
    .values({ ...contact, confirmed_at: null, mailed_at: null, retry_at: null })
    .execute();
}

export async function changeContact(
  db: Db,
  claimant: string,
  to: Partial<Pick<ContactRow, 'tries' | 'confirmed_at' | 'told'>>,
): Promise<void> {
  await db.updateTable('case_contacts').set(to).where('claimant', '=', claimant).execute();
}

/** Deletes the contacts of one claimant, or by the code that stops the mails. @returns whether there was one */
export async function deleteContacts(
  db: Db,
  by: { claimant: string } | { stop: string },
): Promise<boolean> {
  const { numDeletedRows } = await db
    .deleteFrom('case_contacts')
    .where((where) =>
      'claimant' in by ? where('claimant', '=', by.claimant) : where('stop', '=', by.stop),
    )
    .executeTakeFirst();
  return numDeletedRows > 0n;
}

/** A case is closed once its record has ended, and neither an appeal nor a recall is open. */
const closed = sql`exists (
  select from sanctions s where s.id = c.sanction and s.end_recorded
    and not exists (select from appeals a where a.sanction = s.id and a.closed_at is null)
    and not exists (select from recalls r where r.sanction = s.id
      and r.acknowledgement is null and r.superseded_by is null))`;

export async function isClosed(db: Db, sanction: string): Promise<boolean> {
  const { rows } = await sql<{ closed: boolean }>`
    select ${closed} as closed from (select ${sanction}::text as sanction) c`.execute(db);
  return rows[0]?.closed ?? false;
}

/** An address whose time is over: never confirmed, of a claimant who left, or of a case that closed and was told. */
const isOver = (now: Date): RawBuilder<boolean> => sql`(
  (c.confirmed_at is null and c.confirm_by <= ${now})
  or exists (select from claimants h where h.id = c.claimant and h.left_at is not null)
  or (${closed} and (c.told >= case_news(c.sanction) or not exists (
    select from sanction_events e
    where e.sanction = c.sanction and e.at > ${now}::timestamptz - ${hours(lateHours)}))))`;

/** An address whose case has news that may be mailed now. */
const hasMail = (now: Date): RawBuilder<boolean> => sql`(
  c.confirmed_at is not null
  and (c.retry_at is null or c.retry_at <= ${now})
  and (c.mailed_at is null or c.mailed_at <= ${now}::timestamptz - ${hours(restHours)})
  and exists (select from claimants h where h.id = c.claimant and h.left_at is null)
  and exists (select from case_keys k where k.sanction = c.sanction)
  and c.told < case_news(c.sanction))`;

/** The next instant at which time alone may change either. Once a day each is looked at, whoever wrote what. */
const nextLook = (now: Date): RawBuilder<Date> => sql`(
  select min(at) from (
    values (c.confirm_by), (c.retry_at), (c.mailed_at + ${hours(restHours)}),
      ((select max(e.at) from sanction_events e where e.sanction = c.sanction) + ${hours(lateHours)}),
      (${now}::timestamptz + ${hours(24)})
  ) t (at) where at > ${now})`;

/** Addresses to look at. */
const dueContacts = (now: Date): RawBuilder<unknown> => sql`
  due_contacts(${now}) d join case_contacts c on c.claimant = d.claimant`;

/** Addresses to look at that wait for no mail. */
const toSettle = (now: Date): RawBuilder<unknown> => sql`
  from ${dueContacts(now)} where (${isOver(now)} or not ${hasMail(now)})`;

export async function hasContactsToSettle(db: Db, now: Date): Promise<boolean> {
  const { rows } = await sql<{ some: boolean }>`
    select exists (select ${toSettle(now)}) as some`.execute(db);
  return rows[0]?.some ?? false;
}

/** Addresses whose time is over, of those to look at. */
export async function countOver(db: Db, now: Date): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select count(*)::int as n from ${dueContacts(now)} where ${isOver(now)}`.execute(db);
  return rows[0]?.n ?? 0;
}

/**
 * Deletes addresses whose time is over, and writes of the others when to look next. They are locked first, and judged by
 * what was committed until then: who commits later, and had to wait, has them looked at once more.
 * @returns how many were looked at
 */
export async function settleContacts(
  db: Db,
  { now, limit }: { now: Date; limit: number },
): Promise<number> {
  const { rows } = await sql<{ claimant: string }>`
    select c.claimant ${toSettle(now)}
    order by d.look_at limit ${limit} for update of c skip locked`.execute(db);
  if (rows.length === 0) return 0;
  const locked = sql`c.claimant = any(${rows.map(({ claimant }) => claimant)}::text[])`;
  const over = await sql`
    delete from case_contacts c where ${locked} and ${isOver(now)}`.execute(db);
  const later = await sql`
    insert into contact_looks (claimant, sanction, look_at)
    select c.claimant, c.sanction, ${nextLook(now)} from case_contacts c
    where ${locked} and not ${hasMail(now)}
    on conflict (claimant) do update set look_at = excluded.look_at`.execute(db);
  return Number(over.numAffectedRows) + Number(later.numAffectedRows);
}

/** An address that has to be told, with how much it is then told of. */
export interface DueContact {
  readonly claimant: string;
  readonly sanction: string;
  readonly address: Uint8Array;
  readonly at: Date;
  readonly news: number;
}

/** Addresses whose case has news, but for some, in the order in which they are told. */
export async function findContactsWithMail(
  db: Db,
  { now, except, limit }: { now: Date; except: readonly string[]; limit: number },
): Promise<string[]> {
  const { rows } = await sql<{ claimant: string }>`
    select c.claimant from ${dueContacts(now)}
    where c.claimant <> all(${[...except]}::text[]) and ${hasMail(now)}
    order by c.retry_at nulls first, c.at, c.claimant limit ${limit}`.execute(db);
  return rows.map(({ claimant }) => claimant);
}

/**
 * Takes an address whose case has news, unless somebody else has it. It is taken as if the mail had failed, and is due
 * again later and later: a crash in between costs a second mail at most.
 */
export async function takeContact(
  db: Db,
  { claimant, now }: { claimant: string; now: Date },
): Promise<DueContact | undefined> {
  const { rows } = await sql<DueContact>`
    update case_contacts set failures = failures + 1,
      retry_at = ${now}::timestamptz
        + least(5 * 2 ^ least(failures, 12), ${mostWaitMinutes}) * interval '1 minute'
    where claimant = (
      select c.claimant from case_contacts c where c.claimant = ${claimant} and ${hasMail(now)}
      for update of c skip locked)
    returning claimant, sanction, address, at, case_news(sanction) as news`.execute(db);
  return rows[0];
}

/** Handed in. Another address that took its place meanwhile was told of nothing. */
export async function markTold(
  db: Db,
  { news, mailedAt, claimant, at }: DueContact & { mailedAt: Date },
): Promise<void> {
  await db
    .with('told', (cte) =>
      cte
        .updateTable('case_contacts')
        .set({ told: news, mailed_at: mailedAt, failures: 0, retry_at: null })
        .where('claimant', '=', claimant)
        .where('at', '=', at)
        .where('confirmed_at', 'is not', null)
        .returning(['claimant', 'sanction', 'mailed_at']),
    )
    .insertInto('contact_looks')
    .columns(['claimant', 'sanction', 'look_at'])
    .expression((from) =>
      from
        .selectFrom('told')
        .select(['claimant', 'sanction', 'mailed_at'])
        .$narrowType<{ mailed_at: Date }>(),
    )
    .onConflict((conflict) =>
      conflict.column('claimant').doUpdateSet((row) => ({ look_at: row.ref('excluded.look_at') })),
    )
    .execute();
}
