import { newId } from '@recourse/protocol';
import { sql, type Kysely } from 'kysely';
import { randomBytes } from 'node:crypto';

/**
 * Fills the table with copies of one record: what a list of a large platform reads. The copies are newer than it, and have
 * references `filled-NAME-00001` and on. Their subjects, cases and entries of the log are missing.
 *
 * @returns their ids in the order of their references
 */
export async function fillRecords(
  // oxlint-disable-next-line typescript/no-explicit-any -- the owner's connection, or any other that may insert
  db: Kysely<any>,
  { like, count, now, name }: { like: string; count: number; now: Date; name: string },
): Promise<string[]> {
  const ids = Array.from({ length: count }, () =>
    newId('snc', { now, random: (size) => randomBytes(size) }),
  ).toSorted();
  await db.transaction().execute(async (trx) => {
    // They judge each record beside all others of its platform.
    await sql`alter table sanctions disable trigger user`.execute(trx);
    await sql`insert into sanctions
      select (jsonb_populate_record(s, jsonb_build_object(
        'id', x.id, 'ref', 'filled-' || ${name}::text || '-' || lpad(x.place::text, 5, '0')))).*
      from sanctions s, unnest(${ids}::text[]) with ordinality as x (id, place)
      where s.id = ${like}`.execute(trx);
    await sql`alter table sanctions enable trigger user`.execute(trx);
  });
  await sql`analyze sanctions`.execute(db);
  return ids;
}
