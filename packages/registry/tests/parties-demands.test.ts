import { quarterEnd, quarterOf, signCompact, type OpInput } from '@recourse/protocol';
import {
  startTestRegistry,
  testOrigin,
  type TestKey,
  type TestPlatform,
  type TestRegistry,
} from '@recourse/testkit';
import { sql } from 'kysely';
import { beforeEach, describe, expect, test } from 'vitest';
import { settleDue } from '../src/scheduler/settle-due.ts';
import { publishedDemands } from '../src/parties/membership-store.ts';
import { missingQuarters } from '../src/records/membership.rules.ts';
import { entriesOf, refusalOf } from './parties-fixtures.ts';
import { advanceTo } from './appeals-harness.ts';
import { day, sqlState } from './sanctions-harness.ts';

let registry: TestRegistry;
let harbour: TestPlatform;
beforeEach(async () => {
  registry = await startTestRegistry();
  ({ harbour } = registry.parties);
  return () => registry.close();
});

const demand = (change: object = {}) =>
  registry.call(harbour.trust, 'parties.demand', {
    kind: 'record',
    quarter: quarterOf(registry.now()),
    received: 3,
    complied: 1,
    refused: 1,
    ...change,
  } satisfies OpInput<'parties.demand'>);

describe('a demand of an authority', () => {
  test('is reported in counts, and in the ledger at once', async () => {
    const { id } = (await demand()).body.result;
    const entries = await entriesOf(registry, 'authority-demand');
    expect(entries).toMatchObject([
      { detail: { id, party: harbour.id, received: 3, complied: 1 } },
    ]);
    expect(await publishedDemands(registry.db, registry.now())).toMatchObject([{ id }]);
  });

  test('that may not be told is read on its day, with every job stopped, and logged once', async () => {
    const { id } = (await demand({ delayDays: 365 })).body.result;
    registry.advance(365 * day - 60);
    expect(await publishedDemands(registry.db, registry.now())).toEqual([]);
    await settleDue(registry.services);
    expect(await entriesOf(registry, 'authority-demand')).toEqual([]);
    registry.advance(120);
    expect(await publishedDemands(registry.db, registry.now())).toMatchObject([{ id }]);
    await settleDue(registry.services);
    await settleDue(registry.services);
    expect(await entriesOf(registry, 'authority-demand')).toMatchObject([{ detail: { id } }]);
  });

  test.each([
    ['delayed for more than a year', { delayDays: 366 }],
    ['of more answers than demands', { received: 1 }],
    ['of nothing', { received: 0, complied: 0, refused: 0 }],
    ['of a quarter to come', { quarter: '2099-Q1' }],
    ['with a text', { note: 'They came on a Monday.' }],
  ])('%s is refused', async (_, change) => {
    expect(refusalOf(await demand(change))).toMatch(/^invalid-input\//);
  });

  test('is delayed by a year at most, in the database too', async () => {
    await demand();
    const late = sql`insert into authority_demands (id, party, kind, quarter, received, complied,
        refused, at, publish_at)
      select replace(id, 'dmd_0', 'dmd_1'), party, kind, quarter, received, complied, refused, at,
        at + interval '366 days' from authority_demands`;
    expect(await sqlState(late.execute(registry.db))).toBe('23514');
    const early = sql`update authority_demands set publish_at = now()`;
    expect(await sqlState(early.execute(registry.db))).toBe('42501');
  });
});

describe('a quarterly statement', () => {
  const signed = (by: TestKey, claims: object) =>
    signCompact(by.signer, 'recourse-attestation+jwt', {
      iss: by.party,
      aud: testOrigin,
      demands: 'none',
      iat: Math.floor(registry.now().getTime() / 1000),
      ...claims,
    });
  const file = async (by: TestKey, claims: object) =>
    registry.call(harbour.service, 'parties.attest', { attestation: await signed(by, claims) });
  /** Past the end of the quarter of now */
  const over = (): string => {
    const quarter = quarterOf(registry.now());
    advanceTo(registry, quarterEnd(quarter));
    return quarter;
  };

  test('says none or how many, once a quarter, and is in the ledger as it was signed', async () => {
    const quarter = over();
    const attestation = await signed(harbour.trust, { quarter });
    const answer = await registry.call(harbour.trust, 'parties.attest', { attestation });
    expect(answer.body.result.quarter).toBe(quarter);
    expect(await entriesOf(registry, 'authority-attested')).toMatchObject([
      { detail: { party: harbour.id, quarter, demands: 0, statement: attestation } },
    ]);
    expect(refusalOf(await file(harbour.admin, { quarter, demands: 2 }))).toBe(
      'state-conflict/filed',
    );
  });

  test.each([
    ['by a service key', () => [harbour.service, {}], 'invalid-input/unknown-signer'],
    ['of another party', () => [registry.parties.tubely.trust, {}], 'invalid-input/unknown-signer'],
    [
      'for another registry',
      () => [harbour.trust, { aud: 'https://other.example' }],
      'invalid-input/another-registry',
    ],
    [
      'in the name of another',
      () => [harbour.trust, { iss: registry.parties.tubely.id }],
      'invalid-input/not-the-caller',
    ],
    ['with a text', () => [harbour.trust, { note: 'x' }], 'invalid-input/unknown-member'],
    ['of zero', () => [harbour.trust, { demands: 0 }], 'invalid-input/too-small'],
  ] as [string, () => readonly [TestKey, object], string][])(
    '%s is refused',
    async (_, by, refused) => {
      const quarter = over();
      const [key, claims]: readonly [TestKey, object] = by();
      expect(refusalOf(await file(key, { quarter, ...claims }))).toBe(refused);
    },
  );

  test('is of a quarter that is over', async () => {
    expect(refusalOf(await file(harbour.trust, { quarter: quarterOf(registry.now()) }))).toBe(
      'invalid-input/not-over',
    );
  });

  test('is missing from 30 d after the quarter on, unless it was filed or the party had left', () => {
    const at = (text: string): Date => new Date(`${text}T00:00:00Z`);
    const joined = {
      objectionsUntil: null,
      activeFrom: at('2026-02-10'),
      probationUntil: null,
      leftAt: null,
    };
    const missing = (now: string, filed: string[] = [], left: Date | null = null): string[] =>
      missingQuarters({ ...joined, leftAt: left }, new Set(filed), at(now));
    expect(missing('2026-04-30')).toEqual([]);
    expect(missing('2026-05-01')).toEqual(['2026-Q1']);
    expect(missing('2027-02-01')).toEqual(['2026-Q1', '2026-Q2', '2026-Q3', '2026-Q4']);
    expect(missing('2027-02-01', ['2026-Q2'])).toEqual(['2026-Q1', '2026-Q3', '2026-Q4']);
    expect(missing('2027-02-01', [], at('2026-08-01'))).toEqual(['2026-Q1', '2026-Q2']);
    expect(missingQuarters({ ...joined, activeFrom: null }, new Set(), at('2027-01-01'))).toEqual(
      [],
    );
  });
});
