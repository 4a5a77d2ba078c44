import { caseKey, mostDrawn, mostInformation, type Id, type OpOutput } from '@recourse/protocol';
import { startTestRegistry, testId, type TestKey, type TestRegistry } from '@recourse/testkit';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { claimCase, decide } from './appeals-harness.ts';
import {
  appealInput,
  caseAbout,
  claim,
  findByEmail,
  open,
  realTokens,
  resultOf,
} from './cases-fixture.ts';
import { day, notify, problem, sqlState } from './sanctions-harness.ts';

let registry: TestRegistry;
beforeEach(async () => {
  registry = await startTestRegistry({ tokens: await realTokens() });
});
afterEach(() => registry.close());

const email = 'owner@mail.example';
const about = async () => {
  const made = await caseAbout(registry, [['email', email]]);
  await notify(registry, made.sanction);
  return made;
};
const appeal = (key: string) => registry.caseCall('case.appeal', { key, ...appealInput });
const opened = async (key: string): Promise<Id<'apl'>> => resultOf(await appeal(key)).appeal;
const join = async (key: string) =>
  resultOf(await registry.caseCall('case.join', { key, ground: 'not-me', words: `Of ${key}` }));
const add = (key: string) => registry.caseCall('case.addInformation', { key, text: 'More.' });
const addFile = (key: string) =>
  registry.caseCall('case.addFile', {
    key,
    name: 'letter.txt',
    mediaType: 'text/plain',
    bytes: Buffer.from('Mine.').toString('base64url'),
  });
const own = async (key: string) => resultOf(await open(registry, key)).case.appeals[0];
const full = ['state-conflict', 'too-many'];
const prove = async () => `${(await findByEmail(registry, email)).newKey}.1`;
const read = async (by: TestKey, id: Id<'apl'>) =>
  (await registry.call(by, 'review.get', { appeal: id })).body.result as Extract<
    OpOutput<'review.get'>,
    { joined: unknown; unread: number }
  >;
const ask = (by: TestKey, id: Id<'apl'>, claimant?: number) =>
  registry.call(by, 'review.ask', {
    appeal: id,
    kind: 'question',
    text: 'Have you a receipt?',
    ...(claimant === undefined ? {} : { claimant }),
  });

describe('room', () => {
  test('is each claimant’s own: friends who fill theirs leave the creator eight texts', async () => {
    const { code } = await about();
    const id = await opened(await claim(registry, code));
    for (let n = 0; n < 33; n++) {
      const friend = await claim(registry, code);
      await join(friend);
      resultOf(await add(friend));
      resultOf(await add(friend));
    }
    const creator = await claim(registry, code);
    await join(creator);
    for (let n = 0; n < mostInformation; n++) resultOf(await add(creator));
    expect(problem(await add(creator))).toEqual(full);
    const row = (slot: number, position: number) => sql`
      insert into case_information (appeal, sanction, claimant, position, text, at, slot)
      select ${id}, sanction, id, ${position}, 'x', now(), ${slot} from claimants where secret = ${caseKey(creator)}`;
    expect(await sqlState(row(mostInformation, 998).execute(registry.db))).toBe('23514');
    expect(await sqlState(row(0, 999).execute(registry.db))).toBe('23505');
  });

  test('for files is two by a proven way, by a shared one none before a reviewer asks', async () => {
    const { code } = await about();
    const [creator, friend] = [await prove(), await claim(registry, code)];
    const id = await opened(creator);
    await join(friend);
    const [reviewer] = registry.parties.panel;
    await claimCase(registry, reviewer, id);
    for (const key of [creator, creator]) resultOf(await addFile(key));
    expect(problem(await addFile(creator))).toEqual(full);
    expect(problem(await addFile(friend))).toEqual(full);
    expect([(await own(creator)).filesLeft, (await own(friend)).filesLeft]).toEqual([0, 0]);
    expect((await ask(reviewer, id, 2)).status).toBe(200);
    expect([(await own(creator)).filesLeft, (await own(friend)).filesLeft]).toEqual([0, 2]);
    resultOf(await addFile(friend));
    const { files } = await read(reviewer, id);
    expect(files.map(({ claimant }) => claimant)).toEqual([1, 1, 2]);
    const more = sql`insert into case_files (appeal, sanction, claimant, position, sealed, size, at, slot)
      select ${id}, sanction, id, 99, 'x', 1, now(), 2 from claimants where secret = ${caseKey(friend)}`;
    expect(await sqlState(more.execute(registry.db))).toBe('23514');
    await sql`drop trigger case_files_room on case_files`.execute(registry.ownerDb);
    expect(await sqlState(more.execute(registry.db))).toBe('accepted');
  });
});

describe('of a shared way', () => {
  test('a reviewer reads who opened, and ten who are drawn; it binds nobody else', async () => {
    const { sanction, code } = await about();
    const opener = await claim(registry, code);
    const id = await opened(opener);
    const friends: string[] = [];
    for (let n = 0; n < 14; n++) {
      const friend = await claim(registry, code);
      await join(friend);
      friends.push(friend);
    }
    const creator = await prove();
    await join(creator);
    const [reviewer] = registry.parties.panel;
    await claimCase(registry, reviewer, id);
    const seen = await read(reviewer, id);
    // Ten by lot, among whom may be who opened, and who proved.
    expect([seen.claimants.length + seen.unread, seen.unread >= 4]).toEqual([16, true]);
    expect(seen.unread).toBeLessThanOrEqual(5);
    expect(seen.claimants.map(({ claimant }) => claimant)).toContain(16);
    expect(seen.claimants.map(({ claimant }) => claimant)).toContain(1);
    expect(await read(reviewer, id)).toEqual(seen);
    const words = JSON.stringify(seen.joined);
    const decision = { outcome: 'dismissed' } as const;
    expect((await decide(registry, { by: reviewer, sanction, appeal: id, decision })).status).toBe(
      200,
    );
    for (const friend of friends) {
      const isRead = words.includes(friend);
      const { mayAppealUntil } = resultOf(await open(registry, friend)).case;
      expect([(await own(friend)).unheard ?? false, mayAppealUntil !== undefined]).toEqual([
        !isRead,
        !isRead,
      ]);
    }
    expect((await own(creator)).unheard).toBeUndefined();
    const again = sql`update appeal_lots set read_at = now() where read_at is not null`;
    expect(await sqlState(again.execute(registry.db))).toBe('23514');
  });

  test('who joins once a reviewer reads is read while fewer than ten came, and drawn with the next question', async () => {
    const { code } = await about();
    const id = await opened(await claim(registry, code));
    const [reviewer] = registry.parties.panel;
    await claimCase(registry, reviewer, id);
    for (let n = 0; n < mostDrawn - 1; n++) await join(await claim(registry, code));
    expect(await read(reviewer, id)).toMatchObject({ unread: 0 });
    for (let n = 0; n < 10; n++) await join(await claim(registry, code));
    expect(await read(reviewer, id)).toMatchObject({ unread: 10 });
    // Lots that are lower than all others.
    await sql`update appeal_lots set lot = decode(repeat('00', 16), 'hex') where read_at is null`.execute(
      registry.ownerDb,
    );
    // Whoever writes a question without a draw, as the service role.
    const undrawn = sql`insert into questions
        (id, appeal, sanction, holder, kind, text, asked_at, due_at, round, slot)
      select ${testId('qst', registry.now())}, review, sanction, holder, 'question', '\\x00', ${registry.now()},
        ${new Date(registry.now().getTime() + 1000 * day)}, 1, 0 from assignments where review = ${id}`;
    await expect(undrawn.execute(registry.db)).rejects.toThrow(
      'nobody drew whom its reviewer reads',
    );
    expect((await ask(reviewer, id)).status).toBe(200);
    expect(await read(reviewer, id)).toMatchObject({ unread: 0 });
  });

  test('ten thousand cost no more to read than twenty', async () => {
    const { sanction, code } = await about();
    const id = await opened(await claim(registry, code));
    const at = registry.now();
    await sql`with c as (
        insert into claimants (id, sanction, secret, kind, since)
        select 'clm_' || lpad(n::text, 26, '0'), ${sanction}, 'secret' || n, 'self', ${at}::timestamptz
        from generate_series(1, 10000) n returning id),
      w as (insert into claimant_ways (claimant, sanction, way, at, proven_at)
        select id, ${sanction}, 'handed', ${at}::timestamptz, ${at}::timestamptz from c),
      j as (insert into appeal_joins (appeal, sanction, claimant, ground, at, number)
        select ${id}, ${sanction}, id, 'not-me', ${at}::timestamptz, 1 + right(id, 6)::int from c)
      insert into appeal_lots (appeal, sanction, claimant, way, lot)
        select ${id}, ${sanction}, id, 'handed', decode(md5(id), 'hex') from c`.execute(
      registry.ownerDb,
    );
    const [reviewer] = registry.parties.panel;
    await claimCase(registry, reviewer, id);
    const seen = await read(reviewer, id);
    expect(seen.claimants.length).toBeLessThanOrEqual(mostDrawn + 1);
    expect(seen.unread).toBe(10_001 - seen.claimants.length);
    const { rows } = await sql<{ 'QUERY PLAN': unknown }>`
      explain (analyze, format json) select d.claimant from appeal_lots d
      where d.appeal = ${id} and d.way = 'handed' order by d.lot limit ${mostDrawn}`.execute(
      registry.ownerDb,
    );
    const plan = JSON.stringify(rows[0]!['QUERY PLAN']);
    expect(plan).toContain('appeal_lots_drawn');
    expect(plan).not.toContain('Seq Scan');
  });
});
