import { defaultDeadlines as deadlines } from '@recourse/protocol/review';
import { connect, dueKinds, type Db } from '@recourse/registry';
import {
  asAdmin,
  freshDatabase,
  onDatabase,
  workerPostgres,
  type FreshDatabase,
} from '@recourse/testkit';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findContactsWithMail, settleContacts } from '../src/cases/contact-store.ts';
import { settleExpired } from '../src/retention/expiry-store.ts';
import type { DueKind } from '../src/scheduler/due-kind.ts';
import { loadDatabase } from './recorded/database-copy.ts';
import { multiplyRecords } from './recorded/multiply.ts';
import { readRecording } from './recorded/recording.ts';

// A registry that was used, and the same with thirty times as much behind it. What is due is the same in both: nothing.

const recording = readRecording();
const now = new Date(recording.keys.endedAt);
const tables =
  'sanctions subjects ends sanction_events recalls appeals inspections events checks checked_subjects matches ' +
  'disclosures notice_deliveries claimants erasure_requests case_contacts contact_looks case_keys';

let database: FreshDatabase;
let db: Db;
let small: Record<string, number>;
let large: Record<string, number>;

beforeAll(async () => {
  database = await freshDatabase({ unused: true });
  db = connect({ url: database.ownerUrl, connections: 2 });
  const { adminUrl } = workerPostgres();
  const url = onDatabase(adminUrl, new URL(database.url).pathname.slice(1));
  await loadDatabase(url, recording.copies.at(-1)!);
  await asAdmin(url, [
    'set session_replication_role = replica',
    // The recording is older than the column.
    `update ends set texts = null from sanctions s where s.id = ends.sanction and s.texts_erased_at is not null`,
    // What waits is looked at, and is not what this is about.
    'delete from erasure_requests where kept_at is null',
    'update ends set texts = null where texts',
    // Each finding is looked up, and few there are.
    `delete from sanction_events where event = 'finding'`,
  ]);
  // It has no addresses, either: each claimant leaves one, which was told of everything.
  await sql`
    with contact as (
    insert into case_contacts (claimant, sanction, address, stop, at, confirm_by, confirmed_at, told)
    select c.id, c.sanction, '', rpad(c.id, 43, 's'), c.since, c.since + interval '1 day', c.since, case_news(c.sanction)
    from claimants c join case_keys k on k.sanction = c.sanction where c.left_at is null
    returning claimant, sanction)
    insert into contact_looks (claimant, sanction) select claimant, sanction from contact`.execute(
    db,
  );
  while ((await settleContacts(db, { now, limit: 1_000 })) > 0);
  while ((await settleExpired(db, { table: 'checks', now, limit: 1_000 })) > 0);
  await asAdmin(url, ['vacuum analyze']);
  small = await rowsReadByKind();
  await multiplyRecords(url, { tables: tables.split(' '), times: 30 });
  large = await rowsReadByKind();
});
afterAll(async () => {
  await db?.destroy();
  await database?.drop();
});

const looks: Readonly<Record<string, Pick<DueKind, 'find'>>> = {
  ...dueKinds,
  news: { find: findContactsWithMail },
};

/** Rows that looking for each kind reads, of all tables. */
async function rowsReadByKind(): Promise<Record<string, number>> {
  const reads: Record<string, number> = {};
  for (const [name, { find }] of Object.entries(looks)) {
    reads[name] = await db.transaction().execute(async (trx) => {
      // As of tables that are large: of small ones PostgreSQL reads every row rather than an index.
      for (const way of ['seqscan', 'hashjoin', 'mergejoin', 'memoize'])
        await sql.raw(`set local enable_${way} = off`).execute(trx);
      const before = await rowsReadBy(trx);
      await find(trx, { now, deadlines, limit: 64, except: [] });
      return (await rowsReadBy(trx)) - before;
    });
  }
  return reads;
}

async function rowsReadBy(trx: Db): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select sum(seq_tup_read + coalesce(idx_tup_fetch, 0))::int as n
    from pg_stat_xact_user_tables`.execute(trx);
  return rows[0]!.n;
}

/** How a platform stands is counted anew, from what was closed in a year: it is looked at every five minutes alone. */
const counted = ['standings'];

test.for(Object.keys(looks).filter((name) => !counted.includes(name)))(
  'looking for %s reads no more rows where more is over',
  (name) => {
    expect(large[name]).toBeLessThanOrEqual(small[name]! + 20);
  },
);
