import { caseKey, toNumericDate, type Id, type OpOutput, type Subject } from '@recourse/protocol';
import {
  random32,
  startTestRegistry,
  type TestAnswer,
  type TestKey,
  type TestRegistry,
} from '@recourse/testkit';
import { settleDue } from '@recourse/registry';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  advanceTo,
  answers,
  appealCase,
  appealOf,
  assign,
  claimCase,
  day,
  deliver,
  newCase,
  sanctionOf,
  type TestCase,
} from './appeals-harness.ts';
import * as cases from './cases-fixture.ts';
import { askNew, resultOf, subject } from './checks-fixture.ts';
import { matchesOf } from './derived-fixture.ts';
import { readStanding } from '../src/panel/rates-store.ts';
import { byBoth } from './parties-operator-fixtures.ts';
import { build, notify, problem, withdraw } from './sanctions-harness.ts';

// Plays of somebody who keeps to every form and wants to harm all the same. Where others are is in docs/hostile-plays.md.

let registry: TestRegistry;
beforeEach(async () => {
  registry = await startTestRegistry({ tokens: await cases.realTokens() });
  await registry.ownerDb
    .updateTable('parties')
    .set({
      registered_at: new Date('2020-01-01'),
      enabled_reasons: ['fraud.phishing', 'fraud.scam'],
      submissions_per_day: 1_000_000,
    })
    .execute();
});
afterEach(() => registry.close());

const settle = async (): Promise<void> => {
  const { failures } = await settleDue(registry.services);
  expect(failures).toEqual([]);
};

describe('a submitter that splits one incident over two codes', () => {
  const scam = {
    reason: 'fraud.scam',
    evidence: [{ class: 'payment-records', commitment: random32() }],
  } as const;
  const file = async (
    subjects: readonly Partial<Subject>[],
    statement: object = {},
  ): Promise<TestAnswer> => {
    const { harbour } = registry.parties;
    const input = await build(registry, { subjects, statement });
    return registry.call(harbour.service, 'sanctions.submit', input);
  };

  test('at once, has one record', async () => {
    const about = [subject('domain')];
    resultOf(await file(about));
    expect(problem(await file(about, scam))).toEqual(['already-decided', 'same-incident']);
  });

  test('one after the other, does not bring back under the second what fell under the first', async () => {
    const about = [subject('domain'), subject('email')];
    const first = await newCase(registry, { subjects: about, told: [] });
    await appealCase(registry, first);
    resultOf(await withdraw(registry, first.sanction));
    expect(await sanctionOf(registry, first.sanction)).toMatchObject({ cause: 'conceded' });
    expect(problem(await file(about, scam))).toEqual(['already-decided', 'same-incident']);
    // Nor by one of its identifiers, nor when nothing is left of the first but hashes.
    expect(problem(await file([about[1]!], scam))).toEqual(['already-decided', 'same-incident']);
    await settle();
    const { texts_erased_at: erased } = await registry.db
      .selectFrom('sanctions')
      .select('texts_erased_at')
      .where('id', '=', first.sanction)
      .executeTakeFirstOrThrow();
    expect(erased).not.toBeNull();
    expect(problem(await file(about, scam))).toEqual(['already-decided', 'same-incident']);
  });

  test('by calling one half of it earlier, is counted once all the same', async () => {
    const token = random32();
    const about = (from: number, reason: object): object => ({
      ...reason,
      incident_from: from,
      incident_to: from + 1800,
      decided_at: toNumericDate(registry.now()) - 60,
    });
    const start = toNumericDate(registry.now()) - 2 * 3600;
    const creator = { ...subject('domain', { token }), provenAt: start };
    for (const statement of [about(start, {}), about(start + 3600, scam)]) {
      const { sanction } = resultOf(await file([creator], statement)) as { sanction: string };
      await notify(registry, sanction);
    }
    registry.advance(6 * day);
    const matches = await matchesOf(registry, registry.parties.tubely, [token]);
    expect(matches.map(({ corroboration }) => corroboration)).toEqual(['none', 'none']);
  });
});

describe('a platform that matches in bulk and tells nobody', () => {
  test('is named in every case with nothing done, and hears no more after 90 days, until the last of them', async () => {
    const { tubely } = registry.parties;
    const all: TestCase[] = [];
    for (let n = 0; n < 4; n++) all.push(await newCase(registry, { told: [tubely] }));
    for (const { key } of all) {
      await cases.proveAll(registry, key);
      const { case: view } = cases.resultOf(await cases.open(registry, key));
      expect(view.told).toMatchObject([{ party: tubely.id }]);
      expect(view.told[0].outcome).toBeUndefined();
    }
    registry.advance(91 * day);
    const evaluate = () =>
      registry.call(tubely.service, 'checks.evaluate', {
        purpose: 'payout-change',
        epochs: [1],
        blinded: [random32()],
      });
    const refused = async () => problem(await evaluate())[0];
    expect(await refused()).toBe('checks-stopped');
    // What it owes, of these and of other tests: all but one is not enough.
    const owed = await owedBy(tubely.service);
    expect(owed.length).toBeGreaterThanOrEqual(all.length);
    for (const match of owed.slice(1)) await admitted(tubely.service, match);
    expect(await refused()).toBe('checks-stopped');
    await admitted(tubely.service, owed[0]!);
    expect(await refused()).not.toBe('checks-stopped');
  });

  const owedBy = async (key: TestKey): Promise<Id<'mat'>[]> => {
    const { owed } = resultOf(
      await registry.call(key, 'checks.owed', { limit: 100 }),
    ) as OpOutput<'checks.owed'>;
    return owed.map(({ match }) => match);
  };
  const admitted = async (key: TestKey, match: Id<'mat'>) =>
    resultOf(
      await registry.call(key, 'checks.report', { outcomes: [{ match, outcome: 'admitted' }] }),
    );
});

describe('a reviewer who never decides', () => {
  const appealed = async (): Promise<TestCase & { appeal: Id<'apl'> }> => {
    const theCase = await newCase(registry, { told: [] });
    const { id: appeal } = await appealCase(registry, theCase);
    return { ...theCase, appeal: appeal as Id<'apl'> };
  };

  test('and makes no key, loses the case to another in fourteen days, and does not get it back', async () => {
    const { appeal } = await appealed();
    const [first, second] = registry.parties.panel;
    expect(resultOf(await assign(registry, first))).toMatchObject({ appeal });
    registry.advance(14 * day + 60);
    await claimCase(registry, second, appeal);
    expect(problem(await assign(registry, first))).toEqual(['not-found']);
  });

  test('and made one, keeps no record up: nobody is told of it from the day it is due, and it ends undecided, which is not the submitter’s error', async () => {
    const { sanction, appeal, tokens } = await appealed();
    const [first] = registry.parties.panel;
    const reviewer = await claimCase(registry, first, appeal);
    resultOf(await deliver(registry, { appeal, to: [reviewer] }));
    const { decisionDueAt, undecidedAt } = await appealOf(registry, appeal);
    advanceTo(registry, decisionDueAt);
    expect(await answers(registry, tokens[0]!)).toBe(false);
    expect(await sanctionOf(registry, sanction)).toMatchObject({ state: 'suspended' });
    advanceTo(registry, undecidedAt);
    expect(await sanctionOf(registry, sanction)).toMatchObject({
      state: 'undecided',
      cause: 'undecided',
    });
    await settle();
    const { reversed } = await readStanding(
      registry.db,
      registry.parties.harbour.id,
      registry.now(),
    );
    expect(reversed).toBe(0);
  });

  test('is replaced once two operators removed them, and the submitter has time to seal anew', async () => {
    const { appeal } = await appealed();
    const [first, second] = registry.parties.panel;
    await claimCase(registry, second, appeal);
    registry.advance(6 * day);
    expect(problem(await assign(registry, first))).toEqual(['not-found']);
    resultOf(await byBoth(registry, 'panel.remove', { holder: second.holder as Id<'hld'> }));
    await claimCase(registry, first, appeal);
    const { evidenceDueAt } = await appealOf(registry, appeal);
    expect(Date.parse(evidenceDueAt)).toBeGreaterThan(registry.now().getTime() + 6 * day * 1000);
  });
});

describe('a submitter that notifies a dead address', () => {
  test('is believed until its creator finds the case: by their own address, without the notice, and in time', async () => {
    const email = 'alive@mail.example';
    const { sanction } = await cases.caseAbout(registry, [
      ['email', email],
      ['domain', 'alive.example'],
    ]);
    // Nothing of this went anywhere.
    resultOf(await notify(registry, sanction, [0]));
    registry.advance(80 * 3600);
    const token = await cases.tokenOf(registry, 'email', email);
    const { market } = registry.parties;
    const [told] = await matchesOf(registry, market, [token]);
    expect(told).toMatchObject({ sanction });

    // Whoever refuses them has to tell them of the registry.
    const reviewedAt = toNumericDate(registry.now()) + 660;
    registry.advance(700);
    const refusing = { match: told!.match, outcome: 'refused', reviewedAt } as const;
    const report = (outcome: object) =>
      registry.call(market.trust, 'checks.report', { outcomes: [outcome as typeof refusing] });
    expect(problem(await report(refusing))).toContain('notice-required');
    resultOf(await report({ ...refusing, noticeSentAt: toNumericDate(registry.now()) }));

    registry.advance(170 * day);
    const { newKey } = await cases.findByEmail(registry, email);
    const key = `${newKey}.1`;
    const input = { key, ground: 'procedure', words: 'Nobody told me.', language: 'en' } as const;
    cases.resultOf(await registry.caseCall('case.appeal', input));
    const [disputed] = await matchesOf(registry, market, [token]);
    expect(disputed).toMatchObject({ disputed: true });
    registry.advance(1);
    await cases.findByEmail(registry, email, newKey);
    const { case: view } = cases.resultOf(await cases.open(registry, key));
    expect(view).toMatchObject({
      access: 'claimant',
      told: [{ party: market.id, outcome: 'refused' }, { party: market.id }],
    });
  });
});

describe('whoever claims a case by a code that is not theirs', () => {
  const unclaimed = async (email: string) => {
    const made = await cases.caseAbout(registry, [['email', email]]);
    resultOf(await notify(registry, made.sanction));
    return made;
  };

  test('takes it from nobody: its creator claims by the same code, and finds it by an address', async () => {
    const email = 'owner@mail.example';
    const { code } = await unclaimed(email);
    const thief = await cases.claim(registry, code);
    const key = await cases.claim(registry, code);
    const { newKey } = await cases.findByEmail(registry, email);
    for (const secret of [thief, key, `${newKey}.1`]) {
      const { case: view } = cases.resultOf(await cases.open(registry, secret));
      expect(view).toMatchObject({ access: 'claimant', state: 'visible' });
    }
    cases.resultOf(await registry.caseCall('case.appeal', { key, ...cases.appealInput }));
    const theirs = await registry.caseCall('case.withdrawAppeal', { key: thief });
    expect(problem(theirs)).toEqual(['state-conflict', 'not-joined']);
  });

  test('opens no other case by it', async () => {
    const [mine, theirs] = [
      await unclaimed('mine@mail.example'),
      await unclaimed('their@mail.example'),
    ];
    const key = await cases.claim(registry, theirs.code);
    const with2 = await registry.caseCall('case.claim', { code: mine.code, newKey: key });
    expect(problem(with2)).toEqual(['invalid-input', 'used']);
    const own = await registry.caseCall('case.claim', { code: mine.code, newKey: theirs.code });
    expect(problem(own)).toEqual(['invalid-input', 'used']);
    expect(caseKey(key)).not.toBe(caseKey(mine.code));
  });
});

test('two platforms of one group, under two names, are one voice and one ear', async () => {
  const { harbour, tubely, market } = registry.parties;
  const group = (name: string) =>
    registry.ownerDb
      .updateTable('party_groups')
      .set({ group_name: name })
      .where('party', '=', tubely.id)
      .execute();
  const about = [subject('domain')];
  const corroborated = async () =>
    (await matchesOf(registry, market, [about[0]!.token!])).map((match) => match.corroboration);
  await newCase(registry, { subjects: about, told: [] });
  await newCase(registry, { by: tubely, subjects: about, told: [] });
  expect(await corroborated()).toEqual(['one-other', 'one-other']);
  await group(harbour.name.toLowerCase());
  expect(await corroborated()).toEqual(['none', 'none']);
  // What one was told makes a derived record of what the other records.
  const seen = [subject('domain')];
  await newCase(registry, { by: market, subjects: seen, told: [] });
  resultOf(await askNew(registry, harbour, [seen[0]!.token!]));
  const { sanction } = await newCase(registry, { by: tubely, subjects: seen, told: [] });
  const { prior_match: isDerived } = await registry.db
    .selectFrom('sanctions')
    .select('prior_match')
    .where('id', '=', sanction)
    .executeTakeFirstOrThrow();
  expect(isDerived).toBe(true);
  await group(tubely.name.toLowerCase());
});
