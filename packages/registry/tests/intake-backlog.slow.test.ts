import type { Id, OpOutput } from '@recourse/protocol';
import { isBehind } from '@recourse/protocol/review';
import { random32, type TestPlatform, type TestRegistry } from '@recourse/testkit';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { settleDue } from '../src/scheduler/settle-due.ts';
import { readBacklog } from '../src/submissions/backlog-store.ts';
import {
  answers,
  appealCase,
  assign,
  day,
  newCase,
  notify,
  sanctionOf,
  startAppealRegistry,
  type TestCase,
} from './appeals-harness.ts';
import { resultOf } from './checks-fixture.ts';
import { setGroup } from './groups-harness.ts';
import { closedAppeals } from './panel-harness.ts';
import { sqlState } from './sanctions-harness.ts';

let registry: TestRegistry;
beforeEach(async () => {
  registry = await startAppealRegistry();
});
afterEach(() => registry.close());

const caseBy = (by: TestPlatform, notice = true): Promise<TestCase> =>
  newCase(registry, { by, told: [], notify: notice });

/** So many appeals on Harbour's records, which nobody took for ten days. */
async function flood(appeals: number): Promise<TestCase[]> {
  const cases: TestCase[] = [];
  for (let n = 0; n < appeals; n++) {
    if (n % 15 === 14) registry.advance(day);
    const theCase = await caseBy(registry.parties.harbour);
    await appealCase(registry, theCase);
    cases.push(theCase);
  }
  registry.advance(10 * day);
  return cases;
}

const standing = async (by = registry.parties.harbour) =>
  (
    resultOf(
      await registry.call(by.service, 'parties.standing', {}),
    ) as OpOutput<'parties.standing'>
  ).backlog;
/** The SQL function by which the database judges, and the rule by which the registry does. */
const behind = async ({ id: party }: TestPlatform): Promise<boolean> => {
  const now = registry.now();
  const { rows } = await sql<{ is: boolean }>`
    select is_behind(b.waiting, b.decided, b.asked) as is from backlog_of(${party}, ${now}) b`.execute(
    registry.db,
  );
  const { backlog } = await readBacklog(registry.db, { party, now });
  expect(rows[0]!.is).toBe(isBehind(backlog));
  return rows[0]!.is;
};
const answering = ({ tokens }: TestCase) => answers(registry, tokens[0]!);

describe('above 20 appeals that nobody took for ten days, a group’s new records are held', () => {
  test('until there are fewer, and then as any other; nobody else notices', async () => {
    const { harbour, tubely, market, panel } = registry.parties;
    await setGroup(registry, tubely, 'harbour');
    const old = (await flood(21))[0]!;
    expect(await standing()).toEqual({ waiting: 21, limit: 20, held: 0 });
    expect(await behind(harbour)).toBe(true);
    expect(await behind(market)).toBe(false);
    const [held, sister, other] = [
      await caseBy(harbour),
      await caseBy(tubely),
      await caseBy(market),
    ];
    expect(await sanctionOf(registry, held.sanction)).toMatchObject({
      state: 'held',
      backlogged: true,
    });
    expect([await answering(held), await answering(sister)]).toEqual([false, false]);
    const others = await registry.call(market.service, 'sanctions.get', {
      sanction: other.sanction,
    });
    expect(resultOf(others)).toMatchObject({ state: 'visible' });
    // What answered before answers still.
    expect((await sanctionOf(registry, old.sanction)).state).toBe('visible');
    expect([await standing(), await standing(tubely)]).toEqual([
      { waiting: 21, limit: 20, held: 1 },
      { waiting: 21, limit: 20, held: 1 },
    ]);
    // The creator appeals at once, whatever waits.
    const appeal = await appealCase(registry, held);
    expect(appeal.closed_at).toBeNull();
    await settleDue(registry.services);
    expect(await answering(held)).toBe(false);

    resultOf(await assign(registry, panel[0]));
    expect(await standing()).toMatchObject({ waiting: 20, held: 1 });
    await settleDue(registry.services);
    expect([await standing(), await standing(tubely)]).toMatchObject([{ held: 0 }, { held: 0 }]);
    // No hold ends on a day nobody works.
    registry.advance(3 * day);
    const { backlogged, state } = await sanctionOf(registry, held.sanction);
    expect([backlogged, state]).toEqual([undefined, 'visible']);
    await settleDue(registry.services);
    expect([await answering(held), await answering(sister)]).toEqual([true, true]);
  }, 120_000);

  test('right when every job has stopped for sixty days, and its notice counts as usual', async () => {
    const { harbour, panel } = registry.parties;
    await flood(21);
    const [told, untold] = [await caseBy(harbour), await caseBy(harbour, false)];
    registry.advance(5 * day);
    await notify(registry, { sanction: untold.sanction });
    registry.advance(55 * day);
    expect([await answering(told), await answering(untold)]).toEqual([false, false]);
    resultOf(await assign(registry, panel[0]));
    // Fewer wait. That is written down once, and until then both stay as they were.
    expect(await answering(told)).toBe(false);
    await settleDue(registry.services);
    registry.advance(3 * day);
    expect([await answering(told), await answering(untold)]).toEqual([true, true]);
  }, 120_000);

  test('untold when there are fewer, it is held from its notice on', async () => {
    const { harbour, panel } = registry.parties;
    await flood(21);
    const scam = {
      reason: 'fraud.scam' as const,
      evidence: [{ class: 'payment-records' as const, commitment: random32() }],
    };
    const held = await newCase(registry, { by: harbour, told: [], notify: false, statement: scam });
    resultOf(await assign(registry, panel[0]));
    await settleDue(registry.services);
    expect(await sanctionOf(registry, held.sanction)).not.toHaveProperty('visibleFrom');
    await notify(registry, { sanction: held.sanction as Id<'snc'> });
    expect(await answering(held)).toBe(false);
    // A hold that ends on a weekend goes on until noon of Monday.
    registry.advance(7 * day);
    expect(await answering(held)).toBe(true);
  }, 120_000);

  test('appeals on the same evidence count by the assignments that they make', async () => {
    await flood(21);
    await sql`update sanctions set proof = 'the same' where party = ${registry.parties.harbour.id}`.execute(
      registry.ownerDb,
    );
    expect(await standing()).toEqual({ waiting: 1, limit: 20, held: 0 });
    expect(await behind(registry.parties.harbour)).toBe(false);
  }, 120_000);

  test('twice what the panel decided in 30 days is no backlog', async () => {
    const { harbour } = registry.parties;
    const [first] = await flood(21);
    await closedAppeals(
      registry,
      first!,
      Array.from({ length: 11 }, () => ({
        as: 'decided' as const,
        outcome: 'upheld' as const,
        closedAt: new Date(registry.now().getTime() - 29 * day * 1000),
      })),
    );
    expect(await standing()).toEqual({ waiting: 21, limit: 22, held: 0 });
    expect(await behind(harbour)).toBe(false);
    registry.advance(2 * day);
    expect(await standing()).toEqual({ waiting: 21, limit: 20, held: 0 });
    expect(await behind(harbour)).toBe(true);
  }, 120_000);

  test('in the database too, whoever writes the row', async () => {
    const { harbour } = registry.parties;
    await flood(21);
    const { sanction } = await caseBy(harbour);
    const set = (assignment: ReturnType<typeof sql>) =>
      sqlState(sql`update sanctions set ${assignment} where id = ${sanction}`.execute(registry.db));
    const attacks = [
      sql`backlogged = false`,
      sql`backlog_over_at = ${registry.now()}`,
      sql`submitted_at = null, backlogged = false`,
    ];
    for (const attack of attacks) expect(await set(attack)).toMatch(/^(23514|42501)$/);
    const again = { submitted_at: registry.now() };
    const copied = { statement: 'copied', proof: null };
    expect(
      await sqlState(
        sql`insert into sanctions select (jsonb_populate_record(s,
          ${JSON.stringify({ ...again, ...copied, id: sanction.replace(/.$/, '0'), backlogged: false })}::text::jsonb)).*
          from sanctions s where s.id = ${sanction}`.execute(registry.db),
      ),
    ).toBe('23514');
    await sql`drop trigger sanctions_backlog on sanctions`.execute(registry.ownerDb);
    expect(await set(attacks[1]!)).toBe('accepted');
  }, 120_000);
});
