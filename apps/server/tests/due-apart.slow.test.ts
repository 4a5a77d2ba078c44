import { countFailing } from '@recourse/registry';
import {
  buildSubmission,
  fillRecords,
  startTestRegistry,
  type TestRegistry,
} from '@recourse/testkit';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { silentLog } from '../src/log.ts';
import { openDueWork } from '../src/open-due-work.ts';
import { RightClock } from '../src/right-clock.ts';

let registry: TestRegistry;
beforeAll(async () => {
  registry = await startTestRegistry();
});
afterAll(() => registry.close());

const endedRecords = 20_000;
const expiredChecks = 60_000;

/** A record that ends after seven days, since nobody was told of it. */
async function submit(): Promise<string> {
  const { service, trust } = registry.parties.harbour;
  const { origin } = registry.services;
  const submission = await buildSubmission({
    signedBy: trust,
    audience: origin,
    now: registry.now(),
  });
  const { body } = await registry.call(service, 'sanctions.submit', submission);
  return (body as { result: { sanction: string } }).result.sanction;
}

/** What a large registry has behind it: the end of each record is as that of one. */
async function fillPast(like: string): Promise<void> {
  const { ownerDb, parties } = registry;
  const now = registry.now();
  const ids = await fillRecords(ownerDb, { like, count: endedRecords, now, name: 'ended' });
  await ownerDb.transaction().execute(async (trx) => {
    await sql`alter table ends disable trigger user`.execute(trx);
    await sql`insert into ends select x.id, kind, cause, at, by_party, artefact
      from ends, unnest(${ids}::text[]) as x (id) where sanction = ${like}`.execute(trx);
    await sql`alter table ends enable trigger user`.execute(trx);
    await sql`insert into checks (id, party, purpose, elements, at, asked)
      select 'chk_01k' || lpad(to_hex(n), 23, '0'), ${parties.tubely.id}, 'signup', 1,
        ${now}::timestamptz - interval '31 days', '{}'
      from generate_series(1, ${expiredChecks}) n`.execute(trx);
  });
  await sql`analyze ends, checks`.execute(ownerDb);
}

async function left(): Promise<{ checks: number; live: number }> {
  const { rows } = await sql<{ checks: number; live: number }>`
    select (select count(*)::int from checks) as checks,
      (select count(*)::int from sanctions where not end_recorded) as live`.execute(
    registry.ownerDb,
  );
  return rows[0]!;
}

const failing = async (): Promise<string[]> =>
  (await countFailing(registry.db)).flatMap(({ kind, error }) =>
    kind === 'report' ? [] : `${kind} ${error}`,
  );

/** The loops of a server, and what it logs. */
function openLoops() {
  const logged: string[] = [];
  const log = { ...silentLog, fault: (where: string) => logged.push(where) };
  const { db, ledger } = registry.services;
  const clock = new RightClock({ db, wallClock: Date.now, log, ledger });
  const countReport = () => Promise.reject(new Error('nobody counts here'));
  return { due: openDueWork(registry.services, { log, countReport, clock }), logged };
}

test('a kind that fails and one that hangs harm themselves alone, and are counted and logged', async () => {
  const first = await submit();
  registry.advance(10 * 86_400);
  const before = openLoops();
  before.due.start();
  await expect.poll(left, { timeout: 60_000 }).toEqual({ checks: 0, live: 0 });
  await before.due.stop();
  await fillPast(first);
  await submit();
  registry.advance(10 * 86_400);
  const { ownerDb } = registry;
  await sql`revoke execute on function case_news from public`.execute(ownerDb);
  const { due, logged } = openLoops();
  await ownerDb.transaction().execute(async (trx) => {
    await sql`lock table authority_demands in access exclusive mode`.execute(trx);
    due.start();
    await expect.poll(left, { timeout: 240_000 }).toEqual({ checks: 0, live: 0 });
    // PostgreSQL ends a statement that has waited ten seconds for a lock.
    await expect
      .poll(failing, { timeout: 60_000 })
      .toEqual(['contacts 42501', 'delayedDemands 55P03']);
  });
  expect(logged).toEqual(expect.arrayContaining(['due contacts', 'due delayedDemands']));
  await sql`grant execute on function case_news to public`.execute(ownerDb);
  await expect.poll(failing, { timeout: 60_000 }).toEqual([]);
  await due.stop();
}, 600_000);
