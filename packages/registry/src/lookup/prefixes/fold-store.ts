import { sql } from 'kysely';
import type { Db } from '../../kernel/database.ts';
import { expiryInSql } from '../../records/store.ts';

/** Takes the turn to fold and publish until the commit; false while another server has it. */
export async function takeTurn(db: Db): Promise<boolean> {
  const row = await db
    .selectFrom('prefix_turn')
    .select('singleton')
    .forUpdate()
    .skipLocked()
    .executeTakeFirst();
  return row !== undefined;
}

/** Notes up to when records are counted. */
export async function setFolded(db: Db, at: Date): Promise<void> {
  await sql`update prefix_turn set folded_at = greatest(folded_at, ${at})`.execute(db);
}

/** Up to when records are counted, but for those that are marked. */
export async function foldedAt(db: Db): Promise<Date> {
  const { folded_at } = await db.selectFrom('prefix_turn').selectAll().executeTakeFirstOrThrow();
  return folded_at;
}

/** True where any record waits to be looked at, or a counted token has stopped matching. */
export async function hasChanges(db: Db, now: Date): Promise<boolean> {
  const { rows } = await sql<{ changed: boolean }>`
    select exists (select from prefix_changes)
      or exists (select from listed_subjects where until <= ${now}) as changed`.execute(db);
  return rows[0]?.changed ?? false;
}

/** Takes marks, at most so many. What others mark meanwhile is for the next time. */
export async function takeMarked(
  db: Db,
  limit: number,
): Promise<{ sanctions: string[]; more: boolean }> {
  const { rows } = await sql<{ sanction: string }>`
    delete from prefix_changes
    where seq in (select seq from prefix_changes order by seq limit ${limit})
    returning sanction`.execute(db);
  const sanctions = [...new Set(rows.map(({ sanction }) => sanction))];
  return { sanctions, more: rows.length >= limit };
}

/** Marks every record: whoever folds looks at all of them. */
export async function markAll(db: Db): Promise<void> {
  await sql`insert into prefix_changes (sanction) select id from sanctions where not end_recorded`.execute(
    db,
  );
}

/** The place of one token among all. */
export interface SubjectPlace {
  readonly sanction: string;
  readonly position: number;
  readonly epoch: number;
}

/** A token that has to be counted. */
export interface LiveSubject extends SubjectPlace {
  readonly until: Date;
  /** Salt and token under the key of the case, and that key wrapped */
  readonly sealed: Uint8Array;
  readonly wrapped: Uint8Array;
}

/** Tokens of records that were submitted and have not ended, held and suspended ones too. */
export async function liveSubjects(
  db: Db,
  { sanctions, now }: { sanctions: readonly string[]; now: Date },
): Promise<LiveSubject[]> {
  const { rows } = await sql<LiveSubject>`
    select u.sanction, u.position, u.epoch, u.sealed, k.wrapped,
      least(u.matches_until, ${sql.raw(expiryInSql)}) as until
    from subjects u join sanctions s on s.id = u.sanction join case_keys k on k.sanction = s.id
    where u.sanction = any(${sanctions}::text[]) and u.detached_at is null
      and s.submitted_at is not null and not s.end_recorded
      and least(u.matches_until, ${sql.raw(expiryInSql)}) > ${now}`.execute(db);
  return rows;
}

/** A token that is counted. */
export interface ListedSubject extends SubjectPlace {
  readonly masked: number;
  readonly until: Date;
}

/** Reads what is counted of some records, and of any others what has stopped matching. */
export async function listedOf(
  db: Db,
  { sanctions, now }: { sanctions: readonly string[]; now: Date },
): Promise<ListedSubject[]> {
  const { rows } = await sql<ListedSubject>`
    select sanction, position, epoch, masked, until from listed_subjects
    where sanction = any(${sanctions}::text[]) or until <= ${now}`.execute(db);
  return rows;
}

export async function insertListed(db: Db, rows: readonly ListedSubject[]): Promise<void> {
  if (rows.length === 0) return;
  await sql`
    insert into listed_subjects (sanction, position, epoch, masked, until)
    select * from unnest(${rows.map(({ sanction }) => sanction)}::text[],
      ${rows.map(({ position }) => position)}::int[], ${rows.map(({ epoch }) => epoch)}::bigint[],
      ${rows.map(({ masked }) => masked)}::bigint[],
      ${rows.map(({ until }) => until.toISOString())}::timestamptz[])`.execute(db);
}

export async function deleteListed(db: Db, places: readonly SubjectPlace[]): Promise<void> {
  if (places.length === 0) return;
  await sql`
    delete from listed_subjects l
    using unnest(${places.map(({ sanction }) => sanction)}::text[],
      ${places.map(({ position }) => position)}::int[],
      ${places.map(({ epoch }) => epoch)}::bigint[]) as t(sanction, position, epoch)
    where (l.sanction, l.position, l.epoch) = (t.sanction, t.position, t.epoch)`.execute(db);
}

const atOnce = 20_000;

/** The first tokens of an epoch after a place, and up to one, in the order of their places. */
export async function listedAfter(
  db: Db,
  {
    epoch,
    after,
    upTo,
    limit,
  }: { epoch: number; after: Place; upTo?: Place | undefined; limit: number },
): Promise<ListedSubject[]> {
  const end = upTo ? sql`and (sanction, position) <= (${upTo.sanction}, ${upTo.position})` : sql``;
  const { rows } = await sql<ListedSubject>`
    select sanction, position, epoch, masked, until from listed_subjects
    where epoch = ${epoch} and (sanction, position) > (${after.sanction}, ${after.position}) ${end}
    order by sanction, position limit ${limit}`.execute(db);
  return rows;
}

type Place = Pick<SubjectPlace, 'sanction' | 'position'>;

/** Every token that is counted in an epoch, or those up to a place, some at a time. */
export async function* listedIn(
  db: Db,
  epoch: number,
  upTo?: Place,
): AsyncGenerator<ListedSubject[]> {
  let after: Place = { sanction: '', position: -1 };
  for (;;) {
    const rows = await listedAfter(db, { epoch, after, upTo, limit: atOnce });
    yield rows;
    const last = rows.at(-1);
    if (rows.length < atOnce || !last) return;
    after = last;
  }
}
