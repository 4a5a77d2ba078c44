import { mostJournalVersions, type JournalJwe } from '@recourse/protocol';
import type { Selectable } from 'kysely';
import type { BooksTable } from '../schema/keys.ts';
import type { JournalsTable } from '../schema/cases.ts';
import type { Db } from '../kernel/database.ts';
import { placeOf, type CaseKey } from '../vault/vault.ts';

export interface SealingKeyRow {
  readonly kid: string;
  readonly sealing_kid: string;
  readonly statement: string;
}

/** Sealing keys of a party whose trust keys are live, in the order of their ids. */
export const sealingKeysOf = (db: Db, party: string): Promise<SealingKeyRow[]> =>
  db
    .selectFrom('sealing_keys as s')
    .innerJoin('keys as k', 'k.kid', 's.kid')
    .select(['s.kid', 's.sealing_kid', 's.statement'])
    .where('s.party', '=', party)
    .where('k.revoked_at', 'is', null)
    .orderBy('s.kid')
    .execute();

/** @returns whether it did: not where another trust key has this sealing key */
export async function putSealingKey(
  db: Db,
  key: SealingKeyRow & { readonly party: string },
): Promise<boolean> {
  const { sealing_kid, statement } = key;
  const taken = await db
    .selectFrom('sealing_keys')
    .select('kid')
    .where('sealing_kid', '=', sealing_kid)
    .where('kid', '<>', key.kid)
    .executeTakeFirst();
  if (taken) return false;
  await db
    .insertInto('sealing_keys')
    .values(key)
    .onConflict((conflict) => conflict.column('kid').doUpdateSet({ sealing_kid, statement }))
    .execute();
  return true;
}

type JournalRow = Selectable<JournalsTable>;

/**
 * Keeps one more version, and overwrites none. The caller holds the lock of the record.
 * @returns whether there was room for one of this author
 */
export async function addJournal(
  db: Db,
  journal: Omit<JournalRow, 'version' | 'sealed'> & { caseKey: CaseKey; jwe: JournalJwe },
): Promise<boolean> {
  const { caseKey, jwe, ...author } = journal;
  const { sanction, holder } = author;
  const { version } = await db
    .selectFrom('journals')
    .select((eb) => eb.fn.countAll<number>().as('version'))
    .where('sanction', '=', sanction)
    .where('holder', '=', holder)
    .executeTakeFirstOrThrow();
  if (version >= mostJournalVersions) return false;
  const row = { ...author, version };
  const sealed = caseKey.sealJson(jwe, placeOf('journals.sealed', row));
  await db
    .insertInto('journals')
    .values({ ...row, sealed })
    .execute();
  return true;
}

/** A version, the newest first, and whether there are older ones. */
export async function sealedJournal(
  db: Db,
  { sanction, skip }: { sanction: string; skip: number },
): Promise<{ row: JournalRow; isLast: boolean } | undefined> {
  const [row, older] = await db
    .selectFrom('journals')
    .selectAll()
    .where('sanction', '=', sanction)
    .orderBy('at', 'desc')
    .orderBy('holder')
    .orderBy('version', 'desc')
    .offset(skip)
    .limit(2)
    .execute();
  return row && { row, isLast: older === undefined };
}

type BookRow = Selectable<BooksTable>;

const bookAt = (db: Db, { party, book }: Pick<BookRow, 'party' | 'book'>) =>
  db.selectFrom('books').where('party', '=', party).where('book', '=', book);

export const findBook = (
  db: Db,
  place: Pick<BookRow, 'party' | 'book'>,
): Promise<Pick<BookRow, 'version' | 'jwe'> | undefined> =>
  bookAt(db, place).select(['version', 'jwe']).executeTakeFirst();

/** 0 where nobody wrote it. */
export async function versionOfBook(
  db: Db,
  place: Pick<BookRow, 'party' | 'book'>,
): Promise<number> {
  const row = await bookAt(db, place).select('version').executeTakeFirst();
  return row?.version ?? 0;
}

/** Writes the next version of a book. The caller holds the lock of the party. */
export async function writeBook(db: Db, row: BookRow): Promise<void> {
  const { party, book, ...next } = row;
  if (row.version === 1) {
    await db.insertInto('books').values(row).execute();
    return;
  }
  await db
    .updateTable('books')
    .set(next)
    .where('party', '=', party)
    .where('book', '=', book)
    .execute();
}
