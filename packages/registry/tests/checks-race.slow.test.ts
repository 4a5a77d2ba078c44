import { newId, signCompact, toNumericDate, type OpOutput } from '@recourse/protocol';
import { random32, testOrigin, type TestRegistry } from '@recourse/testkit';
import { sql } from 'kysely';
import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { retrying } from '../src/kernel/retry.ts';
import { newMatches } from '../src/lookup/checks/disclose.ts';
import {
  disclosureQuery,
  effectQueries,
  lockShown,
  notFirst,
} from '../src/lookup/checks/group-store.ts';
import { pipelined } from '../src/kernel/pipelined.ts';
import { matchId } from '../src/lookup/checks/check.rules.ts';
import { findRecords } from '../src/lookup/checks/store.ts';
import type { Db } from '../src/kernel/database.ts';
import { Changes } from '../src/commit/changes.ts';
import { endSanction } from '../src/records/ending.ts';
import { lockRecord } from '../src/records/lock-record.ts';
import { appealCase, claimCase, decisionOf, newCase } from './appeals-harness.ts';
import { ask, list, openCheck, startCheckRegistry, subject } from './checks-fixture.ts';

// Disclosure and ending do not race: a platform is told of a version and recalled
// from it, or not told. Real connections, and pauses at every point where the two can overtake each other.

let registry: TestRegistry;
beforeAll(async () => {
  registry = await startCheckRegistry();
});
afterAll(() => registry.close());

const interleavings = 1000;
const atOnce = 6;

type Lock = typeof lockShown;

/** What lockShown would be without its lock: the versions as the statement's snapshot has them. */
const withoutShare: Lock = async (db, ids) => {
  const { rows } = await sql<{ id: string; version: number }>`
    select id, version from sanctions where id = any(${ids}) order by id`.execute(db);
  return new Map(rows.map((row) => [row.id, row.version]));
};

test('of 1,000 interleavings none leaves a disclosure of an ended version without a recall', async () => {
  const { told, unrecalled } = await race(lockShown);
  expect(unrecalled).toBe(0);
  // Both sides won some: told and recalled, or ended and not told.
  expect(told).toBeGreaterThan(0);
  expect(told).toBeLessThan(interleavings);
}, 240_000);

test('without the share lock, some do', async () => {
  const { unrecalled } = await race(withoutShare);
  expect(unrecalled).toBeGreaterThan(0);
}, 240_000);

// After the 2,000 withdrawals above, sixty submissions and ends at once take about a minute on two cores.
test('a withdrawal and a match of two servers, called at once, agree', async () => {
  const { harbour, tubely } = registry.parties;
  const servers = [registry.anotherServer(), registry.anotherServer()] as const;
  const rounds = Array.from({ length: 60 }, async () => {
    const creator = subject('domain');
    const sanction = await list(registry, harbour, { subjects: [creator] });
    const check = await openCheck(registry, tubely);
    const withdrawal = await registry.sign(harbour.trust, {
      op: 'sanctions.withdraw',
      in: {
        withdrawal: await signCompact(harbour.trust.signer, 'recourse-withdrawal+jwt', {
          iss: harbour.id,
          aud: testOrigin,
          sub: sanction,
          cause: 'error',
          iat: toNumericDate(registry.now()),
        }),
      },
    });
    const [matched, withdrawn] = await Promise.all([
      ask(registry, tubely, { check, tokens: [creator.token!] }),
      pause(6).then(() => registry.send('sanctions.withdraw', withdrawal, servers[1])),
    ]);
    expect([matched.status, withdrawn.status]).toEqual([200, 200]);
    const { matches } = (matched.body as { result: OpOutput<'checks.match'> }).result;
    const { recalls } = (withdrawn.body as { result: OpOutput<'sanctions.withdraw'> }).result;
    expect(recalls).toBe(matches.length);
  });
  // All of them, before one that failed is told: the registry closes only when no call is under way.
  const settled = await Promise.allSettled(rounds);
  expect(settled.filter(({ status }) => status === 'rejected')).toEqual([]);
}, 240_000);

test('a decision that reverses and a match of two servers, called at once, agree', async () => {
  const { tubely, panel } = registry.parties;
  const another = registry.anotherServer();
  const counts: number[] = [];
  // By so many milliseconds the match starts first. Whoever came first starts later the next time, further and further
  // until the other comes first: then the two meet, on a slow machine as on a fast one.
  let lead = 2;
  let step = 1;
  for (let round = 0; round < 40; round++) {
    // From the eleventh in a day a second reviewer confirms, and from the thirty-first of one group in 30 days.
    if (round % 10 === 0) registry.advance(86_400);
    const reviewer = panel[round < 20 ? 0 : 1];
    const check = await openCheck(registry, tubely);
    const theCase = await newCase(registry, { told: [] });
    const { id: appeal } = await appealCase(registry, theCase);
    await claimCase(registry, reviewer, appeal);
    const decision = { outcome: 'reversed', cause: 'error' } as const;
    const decided = await decisionOf(registry, { ...theCase, appeal, by: reviewer, decision });
    const compact = await registry.sign(reviewer, { op: 'review.decide', in: decided });
    const [matched, reversed] = await Promise.all([
      delay(Math.max(0, -lead)).then(() =>
        ask(registry, tubely, { check, tokens: [theCase.tokens[0]!] }),
      ),
      delay(Math.max(0, lead)).then(() => registry.send('review.decide', compact, another)),
    ]);
    expect([matched.status, reversed.status]).toEqual([200, 200]);
    const { matches } = (matched.body as { result: OpOutput<'checks.match'> }).result;
    const { recalls } = (reversed.body as { result: OpOutput<'review.decide'> }).result;
    expect(recalls).toBe(matches.length);
    step = counts.at(-1) === recalls ? Math.min(64, step * 2) : 1;
    lead += recalls === 1 ? -step : step;
    counts.push(recalls);
  }
  // Each side came first at times.
  expect(new Set(counts)).toEqual(new Set([0, 1]));
}, 240_000);

const pause = (ms: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, Math.random() * ms));

/** Tells a platform of each of 1,000 sanctions while it ends; counts who was told and not recalled. */
async function race(lock: Lock): Promise<{ told: number; unrecalled: number }> {
  const { tubely } = registry.parties;
  const check = await openCheck(registry, tubely);
  const sanctions = await copies(interleavings);
  const queue = [...sanctions];
  const work = async (): Promise<void> => {
    for (let next = queue.pop(); next; next = queue.pop()) {
      const { id, lookup } = next;
      await Promise.all([
        pause(2).then(() => discloseOnce({ check, lookup, lock })),
        pause(9).then(() => end(id)),
      ]);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  const { rows } = await sql<{ told: number; unrecalled: number }>`
    select count(*)::int as told, count(*) filter (where r.id is null)::int as unrecalled
    from disclosures d join ends e on e.sanction = d.sanction
    left join recalls r on r.sanction = d.sanction and r.party = d.party and r.version > d.version
    where d.sanction = any(${sanctions.map(({ id }) => id)})`.execute(registry.db);
  const [counted] = rows;
  if (!counted) throw new Error('no count');
  return counted;
}

/** One attempt of a read and its commit, as the group commit makes it. */
async function discloseOnce(disclosure: {
  check: string;
  lookup: Buffer;
  lock: Lock;
}): Promise<void> {
  const { party } = registry.parties.tubely.service;
  const since = new Date(0);
  const tokens = [{ lookup: disclosure.lookup, epoch: 1 }];
  const question = { check: disclosure.check, party, since, now: registry.now(), tokens };
  const [found] = await findRecords(registry.db, [question]);
  const record = found?.records[0];
  if (!found || !record || record.life.end) return;
  const { check } = found;
  const caseKey = registry.services.vault.openCase(record);
  const disclosing = [
    {
      record,
      caseKey,
      corroboration: 'none' as const,
      match: matchId({ ...record, check }),
      advice: 'review' as const,
    },
  ];
  await pause(2);
  await retrying(() =>
    registry.db.transaction().execute(async (trx) => {
      const versions = await disclosure.lock(trx, [record.sanction]);
      if (versions.get(record.sanction) !== record.version) return;
      await pause(2);
      const dueAt = new Date();
      const matches = newMatches(disclosing, { check, party, toldAt: dueAt, dueAt });
      const effects = [{ shown: [], matches, reviewed: [], checked: [] }];
      const [told] = await pipelined(trx, [disclosureQuery(trx, effects)!]);
      if (notFirst(effects, told).size === 0) await pipelined(trx, effectQueries(trx, effects));
      await pause(2);
    }),
  );
}

async function end(id: string): Promise<void> {
  const { services } = registry;
  const now = registry.now();
  await retrying(() =>
    registry.db.transaction().execute(async (db: Db) => {
      const unique = random32;
      const changes = new Changes({ caller: registry.parties.harbour.id, now, unique });
      const ctx = { db, now, changes, services };
      const record = await lockRecord(ctx, id);
      await pause(2);
      await endSanction(ctx, record!, {
        kind: 'reversed',
        cause: 'error',
        by: 'panel',
      });
      await pause(2);
    }),
  );
}

/** Copies of one listed record, each behind a lookup of its own. */
async function copies(count: number): Promise<{ id: string; lookup: Buffer }[]> {
  const creator = subject('domain');
  const model = await list(registry, registry.parties.harbour, { subjects: [creator] });
  const made = Array.from({ length: count }, () => ({
    id: newId('snc', { now: registry.now(), random: (size) => randomBytes(size) }) as string,
    lookup: randomBytes(32),
  }));
  const db = registry.ownerDb;
  const [row, place, delivery] = await Promise.all([
    db.selectFrom('sanctions').selectAll().where('id', '=', model).executeTakeFirstOrThrow(),
    db.selectFrom('subjects').selectAll().where('sanction', '=', model).executeTakeFirstOrThrow(),
    db
      .selectFrom('notice_deliveries')
      .selectAll()
      .where('sanction', '=', model)
      .executeTakeFirstOrThrow(),
  ]);
  await db
    .insertInto('sanctions')
    .values(made.map(({ id }) => ({ ...row, id, statement: 'copied', proof: null })))
    .execute();
  await db
    .insertInto('case_keys')
    .values(
      made.map(({ id }) => {
        const { wrapped } = registry.services.vault.createCase(id);
        return { sanction: id, wrapped };
      }),
    )
    .execute();
  await db
    .insertInto('notice_deliveries')
    .values(made.map(({ id }) => ({ ...delivery, sanction: id, message: null })))
    .execute();
  await db
    .insertInto('subjects')
    .values(made.map(({ id, lookup }) => ({ ...place, sanction: id, lookup })))
    .execute();
  return made;
}
