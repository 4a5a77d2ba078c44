import { random32, testId, type TestRegistry } from '@recourse/testkit';
import { sql } from 'kysely';
import { afterEach, beforeAll, afterAll, describe, expect, test } from 'vitest';
import { groupMembers } from '../src/parties/group-store.ts';
import { resultOf, startCheckRegistry } from './checks-fixture.ts';
import { groupOf, setGroup } from './groups-harness.ts';
import { build, day, problem, sqlState, withdraw } from './sanctions-harness.ts';

const violated = '23514';
let registry: TestRegistry;
beforeAll(async () => {
  registry = await startCheckRegistry();
});
afterAll(() => registry.close());
afterEach(() => setGroup(registry, registry.parties.tubely));

const sisters = () =>
  setGroup(registry, registry.parties.tubely, groupOf(registry.parties.harbour));

async function file(by: 'harbour' | 'tubely', token: string, overrides: object = {}) {
  const { trust, service } = registry.parties[by];
  const options = { signedBy: trust, subjects: [{ token }], ...overrides };
  const input = await build(registry, options);
  return registry.call(service, 'sanctions.submit', input);
}
const filed = async (...args: Parameters<typeof file>) =>
  (resultOf(await file(...args)) as { sanction: string }).sanction;
const refused = async (...args: Parameters<typeof file>) => problem(await file(...args));

describe('a group has one memory', () => {
  test('of an incident that one of its companies recorded', async () => {
    const token = random32();
    await filed('harbour', token);
    await sisters();
    expect(await refused('tubely', token)).toEqual(['already-decided', 'same-incident']);
  });

  test('of an end, until the incident is later', async () => {
    const token = random32();
    const sanction = await filed('harbour', token);
    expect((await withdraw(registry, sanction)).status).toBe(200);
    await sisters();
    const later = registry.now().getTime() / 1000 - 3600;
    const statement = {
      decided_at: Math.floor(later) + 60,
      incident_from: Math.floor(later) - 60,
      incident_to: Math.floor(later),
    };
    expect(await refused('tubely', token, { statement })).toEqual([
      'already-decided',
      'before-that-end',
    ]);
    registry.advance(30 * day);
    await filed('tubely', token);
  });

  test('also where two of them file at the same time', async () => {
    await sisters();
    const token = random32();
    const answers = await Promise.all(
      Array.from({ length: 6 }, (_, i) => file(i % 2 ? 'harbour' : 'tubely', token)),
    );
    const accepted = answers.filter(({ status }) => status === 200);
    expect(accepted).toHaveLength(1);
    const others = answers
      .filter(({ status }) => status !== 200)
      .map((answer) => problem(answer)[1]);
    expect(others).toEqual(Array.from({ length: 5 }, () => 'same-incident'));
  });

  test('for 24 months after one of them left it', async () => {
    const { harbour, tubely } = registry.parties;
    const members = async (days: number) =>
      groupMembers(registry.db, {
        party: harbour.id,
        now: new Date(registry.now().getTime() + days * day * 1000),
      });
    await sisters();
    await registry.ownerDb
      .updateTable('party_groups')
      .set({ until: registry.now() })
      .where('party', '=', tubely.id)
      .execute();
    expect(await members(729)).toEqual([harbour.id, tubely.id].toSorted());
    expect(await members(731)).toEqual([harbour.id]);
  });

  test('and another group has its own', async () => {
    const token = random32();
    await filed('harbour', token);
    expect((await file('tubely', token)).status).toBe(200);
  });
});

describe('the database, whoever writes the row', () => {
  const copied = { statement: 'copied', proof: null, ended_early_at: null };
  /** A record of Tubely as Harbour has it, by the service role. */
  const copy = (options: { from: string; over: object }) => {
    const { tubely } = registry.parties;
    const id = testId('snc', registry.now());
    // Of another group's record it says that it follows it.
    const own = { id, party: tubely.id, kid: tubely.trust.kid, prior_match: true, ...copied };
    const change = { ...own, ...options.over };
    return sqlState(
      sql`with one as (
        insert into sanctions
        select (jsonb_populate_record(s, ${JSON.stringify(change)}::text::jsonb)).* from sanctions s where s.id = ${options.from}
      )
      insert into subjects (lookup, epoch, sanction, position, kind, control, proven_at, matches_until, sealed)
      select lookup, epoch, ${id}, position, kind, control, proven_at, matches_until, sealed
      from subjects where sanction = ${options.from}`.execute(registry.db),
    );
  };

  test('takes no second record of a group on one incident', async () => {
    const from = await filed('harbour', random32());
    await sisters();
    expect(await copy({ from, over: {} })).toBe(violated);
    await setGroup(registry, registry.parties.tubely);
    expect(await copy({ from, over: {} })).toBe('accepted');
  });

  test('nor one on what the group ended, unless the incident is later', async () => {
    const from = await filed('harbour', random32());
    expect((await withdraw(registry, from)).status).toBe(200);
    await sisters();
    const at = (hours: number) => new Date(registry.now().getTime() + hours * 3_600_000);
    const during = (hours: number) => ({
      incident_from: at(hours - 1),
      incident_to: at(hours - 1),
      decided_at: at(hours),
    });
    expect(await copy({ from, over: during(-1) })).toBe(violated);
    expect(await copy({ from, over: during(2) })).toBe('accepted');
  });

  test('a draft is one when it is submitted', async () => {
    const from = await filed('harbour', random32());
    await sisters();
    const draft = { submitted_at: null, notice_due_at: null, drafted_at: registry.now() };
    expect(await copy({ from, over: draft })).toBe('accepted');
    const submit = sql`update sanctions set submitted_at = ${registry.now()}
      where submitted_at is null and party = ${registry.parties.tubely.id}`;
    expect(await sqlState(submit.execute(registry.db))).toBe(violated);
  });

  test('ends a membership once, and not before the newest record made in it', async () => {
    const { harbour } = registry.parties;
    await filed('harbour', random32());
    const leave = (until: Date) =>
      sqlState(
        registry.ownerDb
          .updateTable('party_groups')
          .set({ until })
          .where('party', '=', harbour.id)
          .execute(),
      );
    expect(await leave(new Date(registry.now().getTime() - 60_000))).toBe(violated);
    expect(await leave(registry.now())).toBe('accepted');
    registry.advance(1);
    expect(await leave(registry.now())).toBe(violated);
    await setGroup(registry, harbour);
  });

  test('and has nobody registered in a group that it is not in', async () => {
    const other = sql`update parties set registration = registration || '{"group":"other"}'
      where id = ${registry.parties.market.id}`;
    expect(await sqlState(other.execute(registry.db))).toBe(violated);
  });
});
