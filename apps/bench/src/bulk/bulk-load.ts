import { CompiledQuery, sql } from 'kysely';
import type { Db } from '@recourse/registry';
import {
  insertCaseKeys,
  insertMatches,
  insertRecords,
  insertSubjects,
  tokensOfRecord,
} from './bulk-rows.ts';

/** Records of one transaction. */
const atOnce = 25_000;
const filled = ['sanctions', 'case_keys', 'subjects', 'checks', 'disclosures', 'matches'];
/** Guards of what a call may do: here nobody calls. */
const guarded = ['sanctions', 'matches'];

/** A platform, and the key that its statements name. */
export interface Submitter {
  readonly party: string;
  readonly kid: string;
}

export interface BulkLoad {
  /** Numbers of records that are there, and that will be */
  readonly from: number;
  readonly to: number;
  readonly submitters: readonly Submitter[];
  readonly told: string;
}

export const recordsFor = (tokens: number): number => Math.ceil(tokens / tokensOfRecord);

/**
 * Fills the tables that a check reads with rows that PostgreSQL makes itself, under every constraint and foreign key,
 * as their owner. Statistics are made anew at the end.
 */
export async function bulkLoad(
  owner: Db,
  load: BulkLoad,
  onRecords: (records: number) => void,
): Promise<void> {
  const putBack = await setAside(owner, filled);
  for (let first = load.from; first < load.to; first += atOnce) {
    const last = Math.min(first + atOnce, load.to) - 1;
    await owner.transaction().execute((trx) => insertBatch(trx, load, { first, last }));
    onRecords(last + 1);
  }
  await putBack();
  for (const table of filled) await run(owner, `vacuum (analyze) ${table}`);
}

async function insertBatch(
  trx: Db,
  { submitters, told }: BulkLoad,
  { first, last }: { first: number; last: number },
): Promise<void> {
  const now = new Date();
  for (const table of guarded) await run(trx, `alter table ${table} disable trigger user`);
  await run(trx, insertRecords, [
    first,
    last,
    submitters.map(({ party }) => party),
    submitters.map(({ kid }) => kid),
    now,
  ]);
  await run(trx, insertCaseKeys, [first, last]);
  await run(trx, insertSubjects, [first, last, now]);
  for (const statement of insertMatches) await run(trx, statement, [first, last, told, now]);
  for (const table of guarded) await run(trx, `alter table ${table} enable trigger user`);
}

const run = (db: Db, statement: string, parameters: unknown[] = []): Promise<unknown> =>
  db.executeQuery(CompiledQuery.raw(statement, parameters));

interface Aside {
  readonly off: string;
  readonly on: string;
}

/**
 * Takes foreign keys off the tables that are filled, and from `subjects` its indexes, whose keys are hashes: added again
 * they check and sort all rows at once, where each insert would look for its place in a tree that no cache holds.
 * @returns puts them back
 */
async function setAside(owner: Db, tables: readonly string[]): Promise<() => Promise<void>> {
  const { rows } = await sql<Aside>`
    with filled as (select unnest(${tables}::text[])::regclass as id)
    select format('alter table %s drop constraint %I', conrelid::regclass, conname) as "off",
      format('alter table %s add constraint %I %s', conrelid::regclass, conname, pg_get_constraintdef(c.oid)) as "on"
    from pg_constraint c join filled on filled.id = conrelid
    where contype = 'f' or (contype = 'p' and conrelid = 'subjects'::regclass)
    union all
    select format('drop index %s', indexrelid::regclass), pg_get_indexdef(indexrelid)
    from pg_index where indrelid = 'subjects'::regclass and not indisprimary`.execute(owner);
  await runAll(
    owner,
    rows.map(({ off }) => off),
  );
  return () =>
    runAll(
      owner,
      rows.map(({ on }) => on),
    );
}

async function runAll(owner: Db, statements: readonly string[]): Promise<void> {
  await owner.transaction().execute(async (trx) => {
    for (const statement of statements) await trx.executeQuery(CompiledQuery.raw(statement));
  });
}
