import {
  toNumericDate,
  toTimestamp,
  type OpOutput,
  type SanctionStatement,
} from '@recourse/protocol';
import { random32, type TestPlatform, type TestRegistry } from '@recourse/testkit';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { settleDue } from '../src/scheduler/settle-due.ts';
import { askNew, list, resultOf, subject } from './checks-fixture.ts';
import { byBoth } from './parties-operator-fixtures.ts';
import {
  day,
  named,
  publicKeyOf,
  RotatingRegistry,
  tokenOf,
  type RetokeniseOptions,
} from './rotation-fixture.ts';

let rotating: RotatingRegistry;
let registry: TestRegistry;
let harbour: TestPlatform;
let tubely: TestPlatform;

beforeEach(async () => {
  rotating = await RotatingRegistry.start();
  registry = rotating.registry;
  ({ harbour, tubely } = registry.parties);
});
afterEach(() => registry.close());

const stateOf = async (by: TestPlatform, sanction: string) =>
  resultOf(
    await registry.call(by.service, 'sanctions.get', { sanction: sanction as `snc_${string}` }),
  ) as OpOutput<'sanctions.get'>;

const problem = (code: string, issue: string) => ({
  body: {
    type: expect.stringContaining(`/${code}`),
    issues: [expect.objectContaining({ code: issue })],
  },
});

describe('a rotation', () => {
  test('is announced by two holders, in the ledger, a day before the key is used', async () => {
    const [first] = registry.parties.operator;
    const opensAt = toNumericDate(registry.now()) + day + 60;
    const input = { epoch: 2, publicKey: publicKeyOf(2), opensAt };
    const alone = await registry.call(first, 'oprf.rotate', input);
    expect(resultOf(alone)).toMatchObject({ state: 'proposed' });
    expect(resultOf(await registry.call(first, 'oprf.rotate', input))).toMatchObject({
      state: 'proposed',
    });
    expect((await registry.pendingEntries()).some((entry) => entry.includes('oprf-epoch'))).toBe(
      false,
    );
    expect(resultOf(await byBoth(registry, 'oprf.rotate', input))).toMatchObject({
      state: 'executed',
    });
    const entries = (await registry.pendingEntries()).map((entry) => JSON.parse(entry));
    expect(entries.find(({ type }) => type === 'oprf-epoch')?.detail).toMatchObject({
      epoch: 2,
      publicKey: publicKeyOf(2),
      opensAt: toTimestamp(new Date(opensAt * 1000)),
      beforeClosesAt: toTimestamp(new Date((opensAt + 14 * day) * 1000)),
    });
    await rotating.refresh();
    expect(registry.services.tokens.epochs().map(({ epoch }) => epoch)).toEqual([1]);
    registry.advance(day + 120);
    expect(registry.services.tokens.epochs().map(({ epoch }) => epoch)).toEqual([1, 2]);
    rotating.close();
    expect(registry.services.tokens.epochs().map(({ epoch }) => epoch)).toEqual([2]);
  });

  test('is prepared from what this server has of the next key, and when that may open', async () => {
    const [first] = registry.parties.operator;
    const next = async () =>
      resultOf(await registry.call(first, 'oprf.next', {})) as OpOutput<'oprf.next'>;
    const now = registry.now().getTime();
    const offered = await next();
    expect(offered).toMatchObject({ epoch: 2, publicKey: publicKeyOf(2) });
    expect(Date.parse(offered.opensFrom)).toBeGreaterThanOrEqual(now + day * 1000);
    expect(Date.parse(offered.opensUntil)).toBeGreaterThanOrEqual(now + 90 * day * 1000);
    await rotating.open();
    const after = await next();
    expect(after).toMatchObject({ epoch: 3, publicKey: publicKeyOf(3) });
    expect(Date.parse(after.opensFrom)).toBeGreaterThan(now + 91 * day * 1000);
    const asked = await registry.call(harbour.trust, 'oprf.next', {});
    expect(asked).toMatchObject({ body: { type: expect.stringContaining('/role-not-allowed') } });
  });

  test.each([
    ['epoch', 'not-the-next', { epoch: 3, publicKey: publicKeyOf(3) }],
    ['opensAt', 'too-soon', { opensAt: 1 }],
    ['opensAt', 'too-late', { opensAt: 91 }],
    ['publicKey', 'no-secret', { publicKey: publicKeyOf(9) }],
  ])('is refused: %s %s', async (path, code, { opensAt, ...over }: Record<string, unknown>) => {
    const now = toNumericDate(registry.now());
    const at = opensAt === undefined ? {} : { opensAt: now + Number(opensAt) * day - 60 };
    const { body } = await rotating.announce({ ...over, ...at });
    expect(body.issues).toEqual([{ path, code }]);
  });

  test('follows the one before by 90 days, also by SQL', async () => {
    await rotating.open();
    expect((await rotating.announce()).body.issues).toEqual([
      { path: 'opensAt', code: 'epoch-too-short' },
    ]);
    const soon = sql`insert into rotations
      select 3, ${publicKeyOf(3)}, opens_at, opens_at + interval '48 hours',
        opens_at + interval '384 hours', '' from rotations`.execute(registry.db);
    await expect(soon).rejects.toMatchObject({ code: '23514' });
    registry.advance(90 * day);
    expect(resultOf(await rotating.announce())).toMatchObject({ state: 'executed' });
  });
});

test('a listed creator is found at every moment: before, announced, open, retokenised and after', async () => {
  const domain = named(1);
  const sanction = await rotating.list(harbour, domain);
  expect(await rotating.shown(tubely, domain)).toEqual([sanction]);
  resultOf(await rotating.announce());
  expect(await rotating.shown(tubely, domain)).toEqual([sanction]);
  registry.advance(day + 7200);
  expect(await rotating.shown(tubely, domain)).toEqual([sanction]);
  resultOf(await rotating.retokenise(harbour, sanction, [domain]));
  const both = await rotating.ask(tubely, domain);
  expect(both.matches).toMatchObject([
    { sanction, leaf: { epoch: 2 }, subjectsUpdate: expect.any(String) },
  ]);
  rotating.close();
  expect(await rotating.shown(tubely, domain)).toEqual([sanction]);
  expect((await rotating.owed(harbour)).sanctions).toEqual([]);
});

test('whoever asks under the older epoch alone finds what was retokenised, until it closes', async () => {
  const domain = named(1);
  const sanction = await rotating.list(harbour, domain);
  await rotating.open();
  resultOf(await rotating.retokenise(harbour, sanction, [domain]));
  const older = [{ epoch: 1, token: tokenOf(1, domain) }];
  const { matches } = resultOf(await askNew(registry, tubely, older)) as OpOutput<'checks.match'>;
  expect(matches).toMatchObject([{ sanction, leaf: { epoch: 1 } }]);
  expect(matches[0]).not.toHaveProperty('subjectsUpdate');
  rotating.close();
  await expect(rotating.ask(tubely, domain)).resolves.toMatchObject({ matches: [{ sanction }] });
  expect((await askNew(registry, tubely, older)).body.type).toContain('unknown-epoch');
});

test('while two epochs are live records are made under the older one, and then under the newer', async () => {
  const [early, late] = [named(1), named(2)];
  await rotating.open();
  const under = (epoch: number, domain: string) =>
    list(registry, harbour, {
      subjects: [subject('domain', { epoch, token: tokenOf(epoch, domain) })],
    });
  await expect(under(2, early)).rejects.toThrow('not-of-records');
  const sanction = await under(1, early);
  resultOf(await rotating.retokenise(harbour, sanction, [early]));
  rotating.close();
  await expect(under(1, late)).rejects.toThrow('not-of-records');
  const after = await under(2, late);
  expect(await rotating.shown(tubely, early)).toEqual([sanction]);
  expect(await rotating.shown(tubely, late)).toEqual([after]);
});

describe('new tokens are refused', () => {
  test.each<[string, string, string, RetokeniseOptions]>([
    ['of another kind', 'invalid-input', 'other-subjects', { subject: { kind: 'email' } }],
    [
      'with another proof',
      'invalid-input',
      'other-subjects',
      { subject: { provenAt: 1_700_000_000 } },
    ],
    ['at another place', 'invalid-input', 'other-subjects', { subject: { index: 5 } }],
    [
      'that are not those of the update',
      'invalid-input',
      'commitment-mismatch',
      { update: { subjects: random32() } },
    ],
    ['of an epoch that is not the newest', 'unknown-epoch', 'not-newest', { update: { epoch: 3 } }],
    [
      'of another epoch than they say',
      'invalid-input',
      'not-of-the-update',
      { subject: { epoch: 1 } },
    ],
    ['that fill no tree', 'invalid-input', 'not-eight-leaves', { input: { padding: [] } }],
    ['of somebody else', 'invalid-input', 'other-subject', { input: { before: [random32()] } }],
    ['without the ones before', 'invalid-input', 'required', { input: { before: undefined } }],
    [
      'signed for another party',
      'invalid-input',
      'not-the-caller',
      { update: { iss: 'plt_01hzy3v7q8e9k4m5n6p7r8s9t0' } },
    ],
  ])('%s', async (_, ...[code, issue, over]) => {
    const domain = named(1);
    const sanction = await rotating.list(harbour, domain);
    await rotating.open();
    const answer = await rotating.retokenise(harbour, sanction, [domain], over);
    expect(answer).toMatchObject(problem(code, issue));
    expect((await rotating.owed(harbour)).sanctions).toHaveLength(1);
  });

  test('twice, and of a record that is not the own', async () => {
    const domain = named(1);
    const sanction = await rotating.list(harbour, domain);
    await rotating.open();
    const input = await rotating.newTokens(harbour, { sanction, domains: [domain] });
    const other = await rotating.newTokens(harbour, { sanction, domains: [domain] });
    const update = await registry.call(tubely.service, 'sanctions.retokenise', input);
    expect(update).toMatchObject(problem('invalid-input', 'unknown-signer'));
    resultOf(await registry.call(harbour.service, 'sanctions.retokenise', input));
    expect(await registry.call(harbour.service, 'sanctions.retokenise', other)).toMatchObject(
      problem('state-conflict', 'retokenised'),
    );
  });

  test('before the newer epoch opens there is nothing to do', async () => {
    await rotating.list(harbour, named(1));
    resultOf(await rotating.announce());
    expect(await rotating.owed(harbour)).toMatchObject({ epoch: 1, sanctions: [] });
  });
});

describe('a record that was given no new tokens', () => {
  test('ends when its epoch closes, whether or not any job ran, and whoever was told undoes', async () => {
    const [domain, other] = [named(1), named(2)];
    const sanction = await rotating.list(harbour, domain);
    const kept = await rotating.list(harbour, other);
    expect(await rotating.shown(tubely, domain)).toEqual([sanction]);
    await rotating.open();
    resultOf(await rotating.retokenise(harbour, kept, [other]));
    const { sanctions } = await rotating.owed(harbour);
    expect(sanctions).toMatchObject([{ sanction, epoch: 1, closesAt: expect.any(String) }]);
    rotating.close();
    expect(await stateOf(harbour, sanction)).toMatchObject({
      state: 'withdrawn',
      cause: 'not-retokenised',
      endedAt: sanctions[0]?.closesAt,
    });
    expect(await rotating.shown(tubely, domain)).toEqual([]);
    await settleDue(registry.services);
    expect((await stateOf(harbour, sanction)).history.at(-1)).toEqual({
      at: sanctions[0]?.closesAt,
      event: 'ended',
      cause: 'not-retokenised',
    });
    const recalls = resultOf(await registry.call(tubely.service, 'recalls.list', {}));
    expect(recalls).toMatchObject({ recalls: [{ sanction, kind: 'undo' }] });
    expect(await stateOf(harbour, kept)).toMatchObject({ state: 'visible' });
  });

  test('ends once and for all: new tokens bring it back to nobody', async () => {
    const domain = named(1);
    const sanction = await rotating.list(harbour, domain);
    await rotating.open();
    rotating.close();
    resultOf(await rotating.retokenise(harbour, sanction, [domain]));
    expect(await stateOf(harbour, sanction)).toMatchObject({
      state: 'withdrawn',
      cause: 'not-retokenised',
    });
    expect(await rotating.shown(tubely, domain)).toEqual([]);
  });

  test('takes with it what evades it', async () => {
    const [domain, again] = [named(1), named(2)];
    const evaded = await rotating.list(harbour, domain);
    registry.advance(3600);
    const evader = await list(registry, harbour, {
      subjects: [
        subject('domain', {
          token: tokenOf(1, again),
          provenAt: toNumericDate(registry.now()) - day,
        }),
      ],
      statement: evasionOf(registry),
      submission: { evades: evaded },
    });
    // It answers after its hold.
    registry.advance(6 * day);
    await rotating.open();
    expect(await rotating.shown(tubely, again)).toEqual([evader]);
    resultOf(await rotating.retokenise(harbour, evader, [again]));
    rotating.close();
    expect(await rotating.shown(tubely, again)).toEqual([]);
    expect(await stateOf(harbour, evader)).toMatchObject({
      state: 'withdrawn',
      cause: 'evaded-ended',
    });
  });
});

const evasionOf = (registry: TestRegistry): Partial<SanctionStatement> => {
  const now = toNumericDate(registry.now());
  return {
    reason: 'network.ban-evasion',
    evidence: [{ class: 'link-analysis', commitment: random32() }],
    exp: now + 100 * day,
    incident_from: now - 1800,
    incident_to: now - 900,
    decided_at: now - 600,
  };
};
