import { toNumericDate } from '@recourse/protocol';
import type { TestPlatform, TestRegistry } from '@recourse/testkit';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { rememberAs } from '../src/submissions/reversals.ts';
import { askNew, list, resultOf, subject } from './checks-fixture.ts';
import { record } from './derived-fixture.ts';
import { day, named, RotatingRegistry, tokenOf } from './rotation-fixture.ts';
import { withdraw } from './sanctions-harness.ts';

let rotating: RotatingRegistry;
let registry: TestRegistry;
let harbour: TestPlatform;
let tubely: TestPlatform;
let market: TestPlatform;

beforeEach(async () => {
  rotating = await RotatingRegistry.start();
  registry = rotating.registry;
  ({ harbour, tubely, market } = registry.parties);
});
afterEach(() => registry.close());

describe('across two epochs', () => {
  test('a record under both and one under the older corroborate each other, each shown once', async () => {
    const domain = named(1);
    const first = await rotating.list(harbour, domain);
    const second = await rotating.list(market, domain);
    await rotating.open();
    resultOf(await rotating.retokenise(harbour, first, [domain]));
    const { matches } = await rotating.ask(tubely, domain);
    expect(matches.map(({ sanction, corroboration }) => [sanction, corroboration])).toEqual(
      expect.arrayContaining([
        [first, 'one-other'],
        [second, 'one-other'],
      ]),
    );
    expect(matches).toHaveLength(2);
    resultOf(await rotating.retokenise(market, second, [domain]));
    rotating.close();
    const after = await rotating.ask(tubely, domain);
    expect(after.matches.map(({ corroboration }) => corroboration)).toEqual([
      'one-other',
      'one-other',
    ]);
  });

  test('a derived record stays one, and what a check told makes one after the rotation', async () => {
    const [domain, asked] = [named(1), named(2)];
    const source = await rotating.list(harbour, domain);
    await rotating.list(market, asked);
    const check = await rotating.ask(tubely, domain);
    expect(check.matches).toHaveLength(1);
    // One check about both: the second is a subject of a record of another platform.
    await rotating.ask(tubely, asked);
    registry.advance(7200);
    const derived = await rotating.list(tubely, domain);
    await rotating.open();
    for (const [by, id] of [
      [harbour, source],
      [tubely, derived],
    ] as const) {
      resultOf(await rotating.retokenise(by, id, [domain]));
    }
    const [owed] = (await rotating.owed(market)).sanctions;
    resultOf(await rotating.retokenise(market, owed!.sanction, [asked]));
    rotating.close();
    const { matches } = await rotating.ask(market, domain);
    expect(matches.find(({ sanction }) => sanction === derived)).toMatchObject({
      priorMatch: true,
      corroboration: 'none',
    });
    const later = await record(registry, tubely, [tokenOf(2, asked)], 2);
    expect(
      (await rotating.ask(harbour, asked)).matches.find(({ sanction }) => sanction === later),
    ).toMatchObject({ priorMatch: true });
  });

  test('a record on what was asked beside a match is a derived record after the rotation, too', async () => {
    const [told, beside] = [named(1), named(2)];
    await rotating.list(harbour, told);
    const tokens = [told, beside].map((domain) => ({ epoch: 1, token: tokenOf(1, domain) }));
    resultOf(await askNew(registry, tubely, tokens));
    // Made after that check, which therefore did not match it.
    const other = await rotating.list(market, beside);
    await rotating.open();
    resultOf(await rotating.retokenise(market, other, [beside]));
    rotating.close();
    const later = await record(registry, tubely, [tokenOf(2, beside)], 2);
    const { matches } = await rotating.ask(harbour, beside);
    expect(matches.find(({ sanction }) => sanction === later)).toMatchObject({ priorMatch: true });
  });
});

describe('what ended early does not come back by a rotation', () => {
  const again = (domain: string, incidentAt: number) =>
    list(registry, harbour, {
      subjects: [
        subject('domain', { epoch: 2, token: tokenOf(2, domain), provenAt: incidentAt - 60 }),
      ],
      statement: { incident_from: incidentAt, incident_to: incidentAt, decided_at: incidentAt },
    });

  test('retokenised, it is known again; left behind, nothing like it is taken until it is', async () => {
    const domain = named(1);
    const sanction = await rotating.list(harbour, domain);
    resultOf(await withdraw(registry, sanction));
    const endedAt = toNumericDate(registry.now());
    await rotating.open();
    rotating.close();
    await expect(again(domain, endedAt - 3 * day)).rejects.toThrow('not-retokenised');
    resultOf(
      await rotating.retokenise(harbour, sanction, [domain], { input: { before: undefined } }),
    );
    await expect(again(domain, endedAt - 3 * day)).rejects.toThrow('before-that-end');
    await again(named(2), endedAt - 3 * day);
  });

  test('later conduct is taken, and so is that of another platform', async () => {
    const domain = named(1);
    const sanction = await rotating.list(harbour, domain);
    resultOf(await withdraw(registry, sanction));
    await rotating.open();
    rotating.close();
    const later = await again(domain, toNumericDate(registry.now()) - 60);
    const theirs = await record(registry, tubely, [tokenOf(2, domain)], 2);
    expect((await rotating.shown(market, domain)).toSorted()).toEqual([later, theirs].toSorted());
  });
});

test('what was reversed comes back by no partner under new tokens: another record carries the memory', async () => {
  const [reversed, forgotten] = [named(1), named(2)];
  const { db, services } = registry;
  for (const domain of [reversed, forgotten]) {
    const sanction = await rotating.list(harbour, domain);
    const wrong = { outcome: 'reversed', cause: 'error', at: registry.now() } as const;
    await rememberAs({ db, services }, { record: { id: sanction, party: harbour.id }, ...wrong });
  }
  const carrier = await rotating.list(market, reversed);
  await rotating.open();
  resultOf(await rotating.retokenise(market, carrier, [reversed]));
  rotating.close();
  const incidentAt = toNumericDate(registry.now()) - 20 * day;
  const relayed = async (domain: string) => {
    const sanction = await list(registry, tubely, {
      subjects: [
        subject('domain', { epoch: 2, token: tokenOf(2, domain), provenAt: incidentAt - 60 }),
      ],
      statement: { incident_from: incidentAt, incident_to: incidentAt, decided_at: incidentAt },
    });
    const { rows } = await sql`select s.relayed, u.why from sanctions s
      left join inspections u on u.sanction = s.id where s.id = ${sanction}`.execute(db);
    return rows;
  };
  expect(await relayed(reversed)).toEqual([{ relayed: true, why: 'relay' }]);
  // Nobody showed what its token is now.
  expect(await relayed(forgotten)).toEqual([{ relayed: false, why: null }]);
});
