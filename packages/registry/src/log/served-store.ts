import { sql } from 'kysely';
import type { Db } from '../kernel/database.ts';
import type { StoredCheckpoint } from './store.ts';

export interface Cosignature {
  readonly size: number;
  /** Verifier key of the witness */
  readonly key: string;
  /** Signature line with its newline, verified under the key */
  readonly line: string;
}

/** A witness that cosigns one size again only states a later time: the first is kept. */
export async function insertCosignature(
  db: Db,
  cosignature: Cosignature & { readonly at: Date },
): Promise<void> {
  await db
    .insertInto('ledger_cosignatures')
    .values({ ...cosignature })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** Keys that have cosigned the checkpoint of this size. */
export async function cosignersOf(db: Db, size: number): Promise<Set<string>> {
  const rows = await db
    .selectFrom('ledger_cosignatures')
    .select('key')
    .where('size', '=', size)
    .execute();
  return new Set(rows.map(({ key }) => key));
}

/** Size of the newest checkpoint that readers were shown, 0 before the first. */
export async function servedSize(db: Db): Promise<number> {
  const row = await db
    .selectFrom('ledger_served')
    .select('size')
    .orderBy('size', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row?.size ?? 0;
}

export async function insertServed(db: Db, size: number): Promise<void> {
  await db
    .insertInto('ledger_served')
    .values({ size })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

export interface CosignedCheckpoint extends Pick<StoredCheckpoint, 'size' | 'note'> {
  /** Signature lines of witnesses, in the order they came */
  readonly lines: readonly string[];
}

/** The newest checkpoint that readers were shown, with all its cosignatures. */
export const newestServed = (db: Db): Promise<CosignedCheckpoint | undefined> =>
  oneServed(db, sql`select max(size) as size from ledger_served`);

/** How many checkpoints after an entry are looked at for one that a policy accepts: minutes of them. */
const lookedAt = 256;

/** The first checkpoint after an entry that readers were shown and so many of these keys have cosigned. */
export const firstServed = (
  db: Db,
  { index, keys, threshold }: { index: number; keys: readonly string[]; threshold: number },
): Promise<CosignedCheckpoint | undefined> =>
  oneServed(
    db,
    sql`select s.size from (
        select size from ledger_served where size > ${index} order by size limit ${lookedAt}
      ) s
      where (select count(*) from ledger_cosignatures k
        where k.size = s.size and k.key = any(${keys}::text[])) >= ${threshold}
      order by s.size limit 1`,
  );

async function oneServed(
  db: Db,
  which: ReturnType<typeof sql>,
): Promise<CosignedCheckpoint | undefined> {
  const { rows } = await sql<CosignedCheckpoint>`
    select c.size, c.note, array(
      select k.line from ledger_cosignatures k where k.size = c.size order by k.at, k.key
    ) as lines
    from ledger_checkpoints c join (${which}) w on w.size = c.size`.execute(db);
  return rows[0];
}
