import { merkleRoot } from '@recourse/ledger';
import {
  sanctionRef,
  signCompact,
  thumbprint,
  toBase64url,
  toNumericDate,
  fromBase64url,
  type Id,
  type SealingKey,
} from '@recourse/protocol';
import { testOrigin, type TestAnswer, type TestKey, type TestRegistry } from '@recourse/testkit';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { drawInspections, quarterOf } from '../src/accountability/draw.rules.ts';
import { readStanding } from '../src/accountability/store.ts';
import { caseOf } from '../src/cases/open-case.ts';
import { settleDue } from '../src/due/settle-due.ts';
import {
  advanceTo,
  answers,
  day,
  newCase,
  newSealingKey,
  recallsOf,
  sanctionOf,
  seal,
  startAppealRegistry,
  type TestCase,
} from './appeals-harness.ts';
import { resultOf } from './checks-fixture.ts';
import { newSigner } from './ledger-fixture.ts';
import { accusedHarbour, allVote, castVote, detailsOf } from './panel-harness.ts';
import { logAndSign } from './recovery-fixture.ts';
import { problem, sqlState, withdraw } from './sanctions-harness.ts';

let registry: TestRegistry;
beforeEach(async () => {
  registry = await startAppealRegistry();
});
afterEach(() => registry.close());

/** Records that were there before a quarter, of which the ledger has signed a checkpoint. */
async function intoQuarter(records: number): Promise<TestCase[]> {
  const cases: TestCase[] = [];
  for (let n = 0; n < records; n++) cases.push(await newCase(registry));
  const { start } = quarterOf(registry.now());
  advanceTo(registry, new Date(Date.UTC(start.getUTCFullYear(), start.getUTCMonth() + 3)));
  // An entry of this quarter, so that a checkpoint of it is signed.
  await registry.call(registry.parties.operator[0], 'platforms.setQuota', {
    party: registry.parties.market.id as Id<'plt'>,
    submissionsPerDay: 9,
  });
  await logAndSign(registry, await newSigner());
  // Signed on the clock of the test.
  await registry.ownerDb.updateTable('ledger_checkpoints').set({ at: registry.now() }).execute();
  await settleDue(registry.services);
  return cases;
}

interface Taken {
  readonly item: Id<'itm'>;
  readonly sanction: Id<'snc'>;
  readonly key: SealingKey;
  readonly by: TestKey;
}

async function take(by: TestKey = registry.parties.panel[0]): Promise<Taken> {
  const { item, sanction } = resultOf(await registry.call(by, 'inspections.claim', {})) as Taken;
  const key = await newSealingKey();
  const claim = await signCompact(by.signer, 'recourse-inspection-claim+jwt', {
    iss: 'panel',
    aud: testOrigin,
    item,
    key,
    iat: toNumericDate(registry.now()),
  });
  resultOf(await registry.call(by, 'inspections.claim', { claim }));
  return { item, sanction, key, by };
}

const deliver = async ({ item, key }: Taken): Promise<TestAnswer> =>
  registry.call(registry.parties.harbour.service, 'inspections.deliver', {
    item,
    place: 0,
    jwe: await seal([key]),
  });

const counted = async () => {
  const { id } = registry.parties.harbour;
  const { decided, reversed } = await readStanding(registry.db, id, registry.now());
  return [decided, reversed];
};
const auditRows = () =>
  registry.db
    .selectFrom('panel_items')
    .select(['outcome', 'closed_by'])
    .where('kind', '=', 'inspection')
    .where('closed_at', 'is not', null)
    .execute();

describe('the draw of a quarter', () => {
  test('takes five of seven, once, as anybody repeats it who has the list', async () => {
    const cases = await intoQuarter(7);
    const [entry] = await detailsOf(registry, 'inspections-drawn');
    const refs: string[] = [];
    for (const { sanction } of cases) {
      const { caseKey } = await caseOf(registry, { id: sanction });
      refs.push(sanctionRef(caseKey.salt('ref'), sanction));
    }
    const drawn = drawInspections({ root: entry!['root'] as string, refs });
    const rootOf = (list: readonly string[]) => ({
      count: list.length,
      root: toBase64url(merkleRoot(list.map((ref) => fromBase64url(ref)))),
    });
    expect(entry).toMatchObject({ eligible: rootOf(refs.toSorted()), drawn: rootOf(drawn) });
    const examined = await registry.db.selectFrom('inspections').select('sanction').execute();
    const places = examined.map(({ sanction }) =>
      cases.findIndex((one) => one.sanction === sanction),
    );
    expect(places.map((place) => refs[place]).toSorted()).toEqual(drawn.toSorted());
    await settleDue(registry.services);
    expect(await detailsOf(registry, 'inspections-drawn')).toHaveLength(1);
  });

  test('nobody made in time changes nothing', async () => {
    const [theCase] = await intoQuarter(1);
    registry.advance(33 * day);
    await settleDue(registry.services);
    expect(await auditRows()).toEqual([{ outcome: null, closed_by: 'deadline' }]);
    const { state } = (await sanctionOf(registry, theCase!.sanction)) as { state: string };
    expect([state, await counted()]).toEqual(['visible', [0, 0]]);
  });
});

describe('an inspection', () => {
  test('that fails is a reversal, with its recalls, and counted', async () => {
    const [theCase] = await intoQuarter(1);
    const taken = await take();
    const early = { by: taken.by, item: taken.item, outcome: 'failed' } as const;
    expect(problem(await castVote(registry, early))).toContain('not-delivered');
    resultOf(await deliver(taken));
    const opened = await registry.call(taken.by, 'inspections.open', {
      item: taken.item,
      place: 0,
    });
    const { jwe } = resultOf(opened) as { jwe: { recipients: { header: { kid: string } }[] } };
    expect(jwe.recipients[0]!.header.kid).toBe(thumbprint(taken.key));
    resultOf(await castVote(registry, early));
    const record = await sanctionOf(registry, theCase!.sanction);
    expect(record).toMatchObject({ state: 'reversed' });
    const recalls = await recallsOf(registry, theCase!.sanction);
    expect(recalls.map(({ kind }) => kind)).toEqual(['undo']);
    expect(await counted()).toEqual([1, 1]);
  });

  test('that is passed changes nothing', async () => {
    const [theCase] = await intoQuarter(1);
    const taken = await take();
    resultOf(await deliver(taken));
    resultOf(await castVote(registry, { by: taken.by, item: taken.item, outcome: 'passed' }));
    const { state } = (await sanctionOf(registry, theCase!.sanction)) as { state: string };
    expect([state, await counted()]).toEqual(['visible', [0, 0]]);
  });

  test('of which no evidence came in 7 d is a reversal, before any job ran', async () => {
    const [theCase] = await intoQuarter(1);
    await take();
    registry.advance(10 * day);
    expect(await answers(registry, theCase!.tokens[0]!)).toBe(false);
    expect(await sanctionOf(registry, theCase!.sanction)).toMatchObject({ state: 'reversed' });
    await settleDue(registry.services);
    expect(await auditRows()).toEqual([{ outcome: 'failed', closed_by: 'evidence' }]);
    expect(await counted()).toEqual([1, 1]);
  });

  test('is not dodged by a withdrawal', async () => {
    const [theCase] = await intoQuarter(1);
    resultOf(await withdraw(registry, theCase!.sanction));
    expect(await auditRows()).toEqual([{ outcome: 'failed', closed_by: 'end' }]);
    expect(await counted()).toEqual([1, 1]);
  });

  test('is one reviewer’s, and evidence is for nobody else', async () => {
    await intoQuarter(1);
    const taken = await take();
    const [, other] = registry.parties.panel;
    expect(problem(await registry.call(other, 'inspections.claim', {}))).toEqual(['not-found']);
    const { item } = taken;
    expect(problem(await castVote(registry, { by: other, item, outcome: 'failed' }))).toEqual([
      'not-found',
    ]);
    const open = await registry.call(other, 'inspections.open', { item, place: 0 });
    expect(problem(open)).toEqual(['not-found']);
    const strange = await deliver({ ...taken, key: await newSealingKey() });
    expect(problem(strange)).toContain('claims-changed');
    const vote = sql`insert into panel_votes (item, holder, kid, outcome, artefact, at)
      values (${item}, ${other.holder}, ${other.kid}, 'failed', 'x.y.z', ${registry.now()})`;
    expect(await sqlState(vote.execute(registry.db))).toBe('42501');
    await sql`alter policy panel_votes_apart on panel_votes with check (true)`.execute(
      registry.ownerDb,
    );
    expect(await sqlState(vote.execute(registry.db))).toBe('accepted');
  });

  test('is not assigned to a reviewer of the platform, whoever writes it', async () => {
    await intoQuarter(1);
    const [by] = registry.parties.panel;
    const { id: party } = registry.parties.harbour;
    await registry.db
      .insertInto('affiliations')
      .values({ holder: by.holder, party, until: null })
      .execute();
    expect(problem(await registry.call(by, 'inspections.claim', {}))).toEqual(['not-found']);
    const assign = sql`update inspections set holder = ${by.holder}, assigned_at = ${registry.now()}`;
    expect(await sqlState(assign.execute(registry.db))).toBe('42501');
    await sql`alter policy inspections_assign on inspections with check (true)`.execute(
      registry.ownerDb,
    );
    expect(await sqlState(assign.execute(registry.db))).toBe('accepted');
  });
});

describe('old records of a suspended platform', () => {
  test('answer no check from 30 d on until they were examined', async () => {
    const old = await newCase(registry);
    const item = await accusedHarbour(registry);
    const outcomes = ['suspend', 'suspend', 'suspend'] as const;
    await allVote(registry, {
      item,
      among: [...registry.parties.panel, ...registry.parties.reserve],
      outcomes,
    });
    expect(await detailsOf(registry, 'party-suspended')).toMatchObject([{ records: 1 }]);
    expect(await answers(registry, old.tokens[0]!)).toBe(true);
    registry.advance(33 * day);
    expect(await answers(registry, old.tokens[0]!)).toBe(false);
    expect(await sanctionOf(registry, old.sanction)).toMatchObject({ state: 'suspended' });
    await settleDue(registry.services);
    expect(await answers(registry, old.tokens[0]!)).toBe(false);
    const taken = await take();
    expect(taken.sanction).toBe(old.sanction);
    resultOf(await deliver(taken));
    resultOf(await castVote(registry, { by: taken.by, item: taken.item, outcome: 'passed' }));
    expect(await answers(registry, old.tokens[0]!)).toBe(true);
  });

  test('are withdrawn without being counted', async () => {
    const old = await newCase(registry);
    const item = await accusedHarbour(registry);
    const outcomes = ['suspend', 'suspend', 'suspend'] as const;
    await allVote(registry, {
      item,
      among: [...registry.parties.panel, ...registry.parties.reserve],
      outcomes,
    });
    resultOf(await withdraw(registry, old.sanction));
    expect(await auditRows()).toEqual([{ outcome: null, closed_by: 'end' }]);
    expect(await counted()).toEqual([5, 5]);
  });
});
