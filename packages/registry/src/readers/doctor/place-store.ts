import { jcs } from '@recourse/protocol';
import { sql } from 'kysely';
import type { Db } from '../../kernel/database.ts';
import type { DoctorPlace } from '../../schema/doctor-place.ts';
import { steps } from '../../migrations/steps.ts';
import type { Vault } from '../../vault/vault.ts';
import { actAsService, readOrigin } from '../report/report-fold-store.ts';

/** Raise it when the doctor finds what it did not find before: the next one then compares all. */
const comparisonVersion = 1;

/** After another copy was restored, or the schema became another, nothing is known of what was compared. */
const basisOf = async (db: Db): Promise<string> =>
  `${comparisonVersion} ${steps.at(-1)?.name} ${await readOrigin(db)}`;

const macOf = (vault: Vault, { basis, place }: { basis: string; place: string }): Buffer =>
  vault.macOfPlace(`${basis}\n${place}`);

/** @returns the place that was kept, where it is of these rules and of this database, and this vault sealed it */
export async function readPlace(db: Db, vault: Vault): Promise<DoctorPlace | undefined> {
  const row = await db.selectFrom('doctor_place').selectAll().executeTakeFirst();
  if (!row || row.basis !== (await basisOf(db))) return undefined;
  if (!macOf(vault, row).equals(row.mac)) return undefined;
  return JSON.parse(row.place) as DoctorPlace;
}

/** Keeps a place, or none: then the next doctor compares all. */
export const keepPlace = (db: Db, vault: Vault, kept: DoctorPlace | undefined): Promise<void> =>
  db.transaction().execute(async (trx) => {
    await actAsService(trx);
    if (!kept) {
      await trx.deleteFrom('doctor_place').execute();
      return;
    }
    const said = { basis: await basisOf(trx), place: jcs({ ...kept, waiting: [...kept.waiting] }) };
    const row = { ...said, mac: macOf(vault, said) };
    await trx
      .insertInto('doctor_place')
      .values(row)
      .onConflict((conflict) => conflict.column('singleton').doUpdateSet(row))
      .execute();
  });

/** What this transaction sees, when it began, and the newest record in it. */
export async function readSnapshot(db: Db): Promise<Seen> {
  const { rows } = await sql<Seen>`
    select pg_current_snapshot()::text as snapshot, now() as at,
      coalesce((select max(id) from sanctions), '') as newest`.execute(db);
  return rows[0]!;
}

interface Seen {
  readonly snapshot: string;
  readonly at: Date;
  readonly newest: string;
}
