import { caseKey, type SanctionStatement } from '@recourse/protocol';
import { newSecret, random32, type TestRegistry } from '@recourse/testkit';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { settleDue } from '../src/scheduler/settle-due.ts';
import {
  appealCase,
  claimCase,
  decide,
  deliver,
  newCase,
  notify,
  startAppealRegistry,
  type TestCase,
} from './appeals-harness.ts';
import * as cases from './cases-fixture.ts';
import { askNew, resultOf } from './checks-fixture.ts';
import { day, problem, sqlState, withdraw } from './sanctions-harness.ts';

let registry: TestRegistry;
beforeEach(async () => {
  registry = await startAppealRegistry();
});
afterEach(() => registry.close());

const appeal = (key: string, more: object = {}) =>
  registry.caseCall('case.appeal', { key, ...cases.appealInput, ...more });
const request = (key: string) =>
  registry.caseCall('case.requestErasure', { key, words: 'Erase it, please.' });
const rowOf = (sanction: string) =>
  registry.db
    .selectFrom('appeals')
    .selectAll()
    .where('sanction', '=', sanction)
    .where('closed_at', 'is', null)
    .executeTakeFirstOrThrow();
/** Somebody else who has the code that the platform handed out. */
async function another({ sanction }: TestCase): Promise<string> {
  const [code, key] = [newSecret(), newSecret()];
  await registry.ownerDb
    .insertInto('case_codes')
    .values({ hash: caseKey(code), sanction, position: null, made_at: registry.now() })
    .execute();
  cases.resultOf(await registry.caseCall('case.claim', { code, newKey: key }));
  return key;
}

describe('a request for erasure', () => {
  test('of a live record is answered in the appeal of somebody else that is open', async () => {
    const theCase = await newCase(registry);
    const { appeal: id } = cases.resultOf(await appeal(await another(theCase)));
    expect(cases.resultOf(await request(theCase.key))).toEqual({ appeal: id });
    const { appeals } = cases.resultOf(await cases.open(registry, theCase.key)).case;
    expect(appeals).toMatchObject([
      {
        appeal: id,
        joined: true,
        added: [{ ground: 'disproportionate', words: 'Erase it, please.' }],
      },
    ]);
    expect(problem(await request(theCase.key))).toEqual(['state-conflict', 'already-joined']);
  });

  test('by a shared way erases nothing: neither subject nor case goes before its time', async () => {
    const theCase = await newCase(registry, { told: [] });
    const friend = await another(theCase);
    const vouched = sql`insert into claimant_ways (claimant, sanction, way, position, at, proven_at)
      select id, sanction, 'ticket', 0, ${registry.now()}::timestamptz, ${registry.now()}::timestamptz
      from claimants where secret = ${caseKey(friend)}`;
    await sql`alter table claimant_ways disable trigger claimant_ways_vouched`.execute(
      registry.ownerDb,
    );
    await vouched.execute(registry.ownerDb);
    await cases.proveAll(registry, theCase.key);
    resultOf(await withdraw(registry, theCase.sanction));
    expect(problem(await registry.caseCall('case.requestErasure', { key: friend }))).toEqual([
      'state-conflict',
      'nothing-proved',
    ]);
    // Not by a row of its own, either.
    await sql`insert into erasure_requests (sanction, claimant, at)
      select sanction, id, ${registry.now()}::timestamptz from claimants where secret = ${caseKey(friend)}`.execute(
      registry.db,
    );
    registry.advance(31 * day);
    await settleDue(registry.services);
    const left = registry.db
      .selectFrom('subjects')
      .select('position')
      .where('sanction', '=', theCase.sanction);
    expect(await left.execute()).not.toEqual([]);
    const erase = sql`select erase_subject(${theCase.sanction}, 0, ${registry.now()})`;
    expect(await sqlState(erase.execute(registry.db))).toBe('23514');
  });
});

describe('a held record', () => {
  test('is kept held for 60 days by each who appeals: a friend who came early spends none of them', async () => {
    const theCase = await newCase(registry, { told: [], notify: false, statement: scam() });
    await notify(registry, theCase);
    const friend = await another(theCase);
    const { appeal: id } = cases.resultOf(await appeal(friend));
    const spent = await rowOf(theCase.sanction);
    registry.advance(20 * day);
    cases.resultOf(
      await registry.caseCall('case.join', { key: theCase.key, ground: 'not-me', words: 'No.' }),
    );
    const kept = await rowOf(theCase.sanction);
    const days = (until: Date | null) =>
      (until!.getTime() - registry.now().getTime()) / (day * 1000);
    expect(days(spent.keeps_until)).toBeLessThan(44);
    expect(days(kept.keeps_until)).toBeGreaterThanOrEqual(59.9);
    const shorter = sql`update appeals set keeps_until = ${spent.keeps_until} where id = ${id}`;
    const longer = sql`update appeals set keeps_until = keeps_until + interval '1 day' where id = ${id}`;
    const never = sql`update appeals set keeps_until = null where id = ${id}`;
    for (const attack of [shorter, longer, never]) {
      expect(await sqlState(attack.execute(registry.db))).toBe('23514');
    }
  });
});

const scam = (): Partial<SanctionStatement> => ({
  reason: 'fraud.payment',
  evidence: [{ class: 'payment-records', commitment: random32() }],
});

describe('a later appeal', () => {
  const market = () => registry.parties.market;
  const told = async ({ tokens }: TestCase) => {
    const answer = resultOf(await askNew(registry, market(), [tokens[0]!]));
    const { advice, matches } = answer as { advice: string; matches: { statement?: string }[] };
    return [advice, matches[0]?.statement !== undefined];
  };

  test('of who was heard with confirmed evidence leaves the reason told; of anybody else it does not', async () => {
    const theCase = await newCase(registry, { told: [], statement: scam() });
    registry.advance(6 * day);
    const { id } = await appealCase(registry, theCase, { ground: 'not-me' });
    const by = await claimCase(registry, registry.parties.panel[0], id);
    const gist = { appeal: id, kind: 'gist', text: 'A payment from your account.' } as const;
    const { question } = resultOf(await registry.call(by.key, 'review.ask', gist)) as {
      question: `qst_${string}`;
    };
    resultOf(await deliver(registry, { appeal: id, to: [by] }));
    resultOf(await registry.call(by.key, 'evidence.confirm', { appeal: id }));
    cases.resultOf(
      await registry.caseCall('case.addInformation', { key: theCase.key, text: 'No.', question }),
    );
    const decision = { outcome: 'upheld' } as const;
    resultOf(await decide(registry, { ...theCase, appeal: id, by: by.key, decision }));
    registry.advance(91 * day);
    expect(await told(theCase)).toEqual(['review', true]);
    cases.resultOf(await appeal(theCase.key, { ground: 'not-me', news: 'A new witness.' }));
    expect(await told(theCase)).toEqual(['review', true]);
    const unheard = await another(theCase);
    cases.resultOf(
      await registry.caseCall('case.join', { key: unheard, ground: 'not-me', words: 'No.' }),
    );
    expect(await told(theCase)).toEqual(['verify-identity', false]);
    const forged = sql`update appeals set reason_told = true where closed_at is null`;
    expect(await sqlState(forged.execute(registry.db))).toBe('23514');
  });
});
