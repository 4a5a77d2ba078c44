import { setTimeout as delay } from 'node:timers/promises';
import { connect, insertPending, LedgerGuard, Sequencer, type Db } from '@recourse/registry';
import { freshDatabase, type FreshDatabase } from '@recourse/testkit';
import { sql } from 'kysely';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { LedgerPatrol } from '../src/ledger/ledger-patrol.ts';
import { eventually } from './eventually.ts';

let database: FreshDatabase;
let db: Db;
beforeEach(async () => {
  database = await freshDatabase();
  db = connect({ url: database.url, role: 'recourse_service', connections: 4 });
  await grow(3_000);
});
afterEach(async () => {
  await db.destroy();
  await database.drop();
});

async function grow(entries: number): Promise<void> {
  await insertPending(
    db,
    Array.from({ length: entries }, (_, i) => `e${i}`),
    new Date(),
  );
  await new Sequencer(db).step();
}

async function asOwner(...statements: string[]): Promise<void> {
  const owner = connect({ url: database.ownerUrl, connections: 1 });
  for (const statement of statements) await sql.raw(statement).execute(owner);
  await owner.destroy();
}

interface PatrolWalk {
  readonly patrol: LedgerPatrol;
  readonly ledger: LedgerGuard;
  readonly faults: string[];
  readonly failures: unknown[];
}

function walk(pauses: { pauseMs: number; restMs: number }): PatrolWalk {
  const ledger = new LedgerGuard();
  const faults: string[] = [];
  const failures: unknown[] = [];
  const patrol = new LedgerPatrol({
    services: { db, ledger },
    onFailure: (error) => failures.push(error),
    onFault: ({ code, place }) => faults.push(`${code} ${place ?? ''}`),
    ...pauses,
  });
  patrol.start();
  return { patrol, ledger, faults, failures };
}

/** How often it has read the whole log, as PostgreSQL counts what it reads. */
async function readings(): Promise<number> {
  const { rows } = await sql<{ n: number }>`select (seq_tup_read + idx_tup_fetch)::int as n
    from pg_stat_all_tables where relname = 'ledger_entries'`.execute(db);
  return (rows[0]?.n ?? 0) / 3_000;
}

test('what is changed behind it is found in a later round, and told once', async () => {
  const { patrol, ledger, faults } = walk({ pauseMs: 1, restMs: 1 });
  expect(await eventually(readings, (n) => n > 2)).toBeGreaterThan(2);
  await grow(700);
  expect(faults).toEqual([]);
  await asOwner(
    `alter table ledger_tiles disable trigger all`,
    `update ledger_tiles set hashes = set_byte(hashes, 0, 255 - get_byte(hashes, 0))
      where level = 0 and index = 7`,
  );
  const fault = () => Promise.resolve(ledger.fault);
  expect(await eventually(fault, (code) => code !== undefined)).toBe('tiles-differ');
  await patrol.stop();
  expect(faults).toEqual(['tiles-differ tile 0/7']);
});

test('what cannot be read is no fault, and is read again', async () => {
  await asOwner(`revoke select on ledger_tiles from recourse_service`);
  const { patrol, ledger, faults, failures } = walk({ pauseMs: 1, restMs: 1 });
  const failed = () => Promise.resolve(failures.length);
  expect(await eventually(failed, (n) => n > 1)).toBeGreaterThan(1);
  await asOwner(
    `grant select on ledger_tiles to recourse_service`,
    `delete from ledger_entries where index = 2999`,
  );
  const fault = () => Promise.resolve(ledger.fault);
  expect(await eventually(fault, (code) => code !== undefined)).toBe('entries-differ');
  await patrol.stop();
  expect(faults).toEqual(['entries-differ entry 2999']);
});

test('a stop waits for no pause', async () => {
  const { patrol, faults, failures } = walk({ pauseMs: 3_600_000, restMs: 3_600_000 });
  await delay(100);
  await patrol.stop();
  expect([faults, failures]).toEqual([[], []]);
});
