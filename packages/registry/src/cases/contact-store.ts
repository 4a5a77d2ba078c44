import { sql, type Insertable, type RawBuilder, type Selectable } from 'kysely';
import type { Db } from '../kernel/database.ts';
import type { CaseContactsTable } from '../schema/claimants.ts';

export type ContactRow = Selectable<CaseContactsTable>;

/** An hour between two mails of one case: what happens meanwhile is in the next. */
const restHours = 1;
/** How long an address outlives its case where the last mail could not be handed in. */
const lateHours = 72;
const mostWaitMinutes = 24 * 60;

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
  await db
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

/** Addresses whose time is over: never confirmed, of a claimant who left, or of a case that closed and was told. */
const over = (now: Date): RawBuilder<unknown> => sql`
  select c.claimant, c.sanction, c.at from case_contacts c
  join claimants h on h.id = c.claimant
  where (c.confirmed_at is null and c.confirm_by <= ${now}) or h.left_at is not null
    or (${closed} and (c.told >= case_news(c.sanction) or not exists (
      select from sanction_events e
      where e.sanction = c.sanction and e.at > ${now}::timestamptz - interval '${sql.raw(String(lateHours))} hours')))`;

/** Cases with such addresses. */
export async function findOver(
  db: Db,
  { now, except, limit }: { now: Date; limit: number; except: readonly string[] },
): Promise<string[]> {
  const { rows } = await sql<{ sanction: string }>`
    select sanction from (${over(now)}) d where sanction <> all(${[...except]}::text[])
    group by sanction order by min(at), sanction limit ${limit}`.execute(db);
  return rows.map(({ sanction }) => sanction);
}

export async function countOver(db: Db, now: Date): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select count(*)::int as n from (${over(now)}) d`.execute(db);
  return rows[0]?.n ?? 0;
}

export async function deleteOver(
  db: Db,
  { sanction, now }: { sanction: string; now: Date },
): Promise<number> {
  const { numAffectedRows = 0n } = await sql`
    delete from case_contacts where sanction = ${sanction}
      and claimant in (select claimant from (${over(now)}) d)`.execute(db);
  return Number(numAffectedRows);
}

/** An address that has to be told, with how much it is then told of. */
export interface DueContact {
  readonly claimant: string;
  readonly sanction: string;
  readonly address: Uint8Array;
  readonly at: Date;
  readonly news: number;
}

/**
 * Takes one address whose case has news, but for some. It is taken as if the mail had failed, and is due again later and
 * later: a crash in between costs a second mail at most.
 */
export async function takeDueContact(
  db: Db,
  { now, except }: { now: Date; except: readonly string[] },
): Promise<DueContact | undefined> {
  const { rows } = await sql<DueContact>`
    update case_contacts set failures = failures + 1,
      retry_at = ${now}::timestamptz
        + least(5 * 2 ^ least(failures, 12), ${mostWaitMinutes}) * interval '1 minute'
    where claimant = (
      select c.claimant from case_contacts c
      join claimants h on h.id = c.claimant and h.left_at is null
      join case_keys k on k.sanction = c.sanction
      where c.confirmed_at is not null and c.claimant <> all(${[...except]}::text[])
        and (c.retry_at is null or c.retry_at <= ${now})
        and (c.mailed_at is null
          or c.mailed_at <= ${now}::timestamptz - interval '${sql.raw(String(restHours))} hours')
        and c.told < case_news(c.sanction)
      order by c.retry_at nulls first, c.at, c.claimant limit 1
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
    .updateTable('case_contacts')
    .set({ told: news, mailed_at: mailedAt, failures: 0, retry_at: null })
    .where('claimant', '=', claimant)
    .where('at', '=', at)
    .where('confirmed_at', 'is not', null)
    .execute();
}
