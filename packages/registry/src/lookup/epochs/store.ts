import type { Control, IdentifierKind } from '@recourse/protocol';
import { sql, type Insertable, type Selectable } from 'kysely';
import type { Db } from '../../kernel/database.ts';
import type { SubjectsTable } from '../../schema/cases.ts';
import type { RetokenisationsTable, RotationsTable } from '../../schema/epochs.ts';
import { sanctionRows, type SanctionRow } from '../../records/store.ts';

/** Announced keys after the first, in the order of their epochs. */
export const readRotations = (db: Db): Promise<Selectable<RotationsTable>[]> =>
  db.selectFrom('rotations').selectAll().orderBy('epoch').execute();

/** False where the epoch is known. */
export async function insertRotation(
  db: Db,
  rotation: Insertable<RotationsTable>,
): Promise<boolean> {
  const row = await db
    .insertInto('rotations')
    .values(rotation)
    .onConflict((conflict) => conflict.column('epoch').doNothing())
    .returning('epoch')
    .executeTakeFirst();
  return row !== undefined;
}

export type NewTokenRows = Insertable<RetokenisationsTable> & {
  readonly subjects: readonly Insertable<SubjectsTable>[];
};

/** Writes the tokens of a record under a newer epoch beside the older ones; the caller holds its lock. */
export async function insertTokens(db: Db, { subjects, ...made }: NewTokenRows): Promise<void> {
  const { sanction, epoch } = made;
  await db
    .with('made', (q) => q.insertInto('retokenisations').values(made))
    .with('j', (q) => q.insertInto('subjects').values([...subjects]))
    .updateTable('sanctions')
    .set({ epoch })
    .where('id', '=', sanction)
    .execute();
}

/** A lookup of an older epoch and that of a newer one, of one identifier as its platform says. */
export interface CarriedLookup {
  readonly from: Uint8Array;
  readonly to: Uint8Array;
}

/** Stores what checks that matched were about under the newer lookups as well. */
export async function carryChecked(db: Db, pairs: readonly CarriedLookup[]): Promise<void> {
  await sql`
    insert into checked_subjects (check_id, lookup)
    select c.check_id, decode(p.newer, 'hex')
    from unnest(${pairs.map(({ from }) => hex(from))}::text[],
      ${pairs.map(({ to }) => hex(to))}::text[]) as p(older, newer)
    join checked_subjects c on c.lookup = decode(p.older, 'hex')
    order by c.check_id, p.newer
    on conflict do nothing`.execute(db);
}

const hex = (lookup: Uint8Array): string => Buffer.from(lookup).toString('hex');

/** True where a record `s` has identifiers left that could be given tokens: none where they are erased or detached. */
export const hasSubjects = sql<boolean>`exists (
  select from subjects u
  where u.sanction = s.id and u.epoch = s.epoch and u.detached_at is null)`;

/** A record without tokens of an epoch, with the subjects that they are to be of. */
export interface UntokenisedRow extends SanctionRow {
  subjects: { index: number; kind: IdentifierKind; control: Control; provenAt: number }[];
}

/** Own records without tokens of an epoch whose texts are not erased, by id, from the one after `after`. */
export function untokenisedOf(
  db: Db,
  query: { party: string; epoch: number; after?: string | undefined; limit: number },
): Promise<UntokenisedRow[]> {
  const { after } = query;
  return sanctionRows(db)
    .select(
      sql<UntokenisedRow['subjects']>`(
        select jsonb_agg(jsonb_build_object('index', u.position, 'kind', u.kind,
          'control', u.control, 'provenAt', extract(epoch from u.proven_at)::bigint)
          order by u.position)
        from subjects u
        where u.sanction = s.id and u.epoch = s.epoch and u.detached_at is null)`.as('subjects'),
    )
    .where('s.party', '=', query.party)
    .where('s.epoch', '<', query.epoch)
    .where('s.submitted_at', 'is not', null)
    .where(hasSubjects)
    .$if(after !== undefined, (query) => query.where('s.id', '>', after!))
    .orderBy('s.id')
    .limit(query.limit)
    .$castTo<UntokenisedRow>()
    .execute();
}
