import type { JournalJwe } from '@recourse/protocol';
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

/** The last one stands. */
export async function putJournal(
  db: Db,
  { sanction, caseKey, jwe }: { sanction: string; caseKey: CaseKey; jwe: JournalJwe },
): Promise<void> {
  const sealed = caseKey.sealJson(jwe, placeOf('journals.sealed', { sanction }));
  await db
    .insertInto('journals')
    .values({ sanction, sealed })
    .onConflict((conflict) => conflict.column('sanction').doUpdateSet({ sealed }))
    .execute();
}

export async function sealedJournal(db: Db, sanction: string): Promise<Uint8Array | undefined> {
  const row = await db
    .selectFrom('journals')
    .select('sealed')
    .where('sanction', '=', sanction)
    .executeTakeFirst();
  return row?.sealed;
}
