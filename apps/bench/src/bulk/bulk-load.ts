import { CompiledQuery } from 'kysely';
import type { Db } from '@recourse/registry';
import {
  insertCaseKeys,
  insertMatches,
  insertRecords,
  insertSubjects,
  tokensOfRecord,
} from './bulk-rows.ts';
import { setAside } from './set-aside.ts';

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
