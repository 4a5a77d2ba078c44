import { merkleRoot } from '@recourse/ledger';
import {
  decisionOutcomes,
  fromBase64url,
  inspectionOutcomes,
  sanctionRef,
  thumbprint,
  toBase64url,
} from '@recourse/protocol';
import type { TestKey, TestRegistry } from '@recourse/testkit';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { drawInspections } from '../src/review/draw.rules.ts';
import { caseOf } from '../src/vault/case-key-store.ts';
import { settleDue } from '../src/scheduler/settle-due.ts';
import {
  answers,
  appealCase,
  claimCase,
  day,
  newCase,
  newSealingKey,
  recallsOf,
  sanctionOf,
  startAppealRegistry,
  type TestCase,
} from './appeals-harness.ts';
import { resultOf } from './checks-fixture.ts';
import {
  countedOf,
  deliverInspection,
  examine,
  inspectionRows,
  intoNextQuarter,
  takeInspection,
  type TakenInspection,
} from './inspections-harness.ts';
import { detailsOf } from './panel-harness.ts';
import { problem, sqlState, tried, withdraw } from './sanctions-harness.ts';

let registry: TestRegistry;
beforeEach(async () => {
  registry = await startAppealRegistry();
});
afterEach(() => registry.close());

/** Records that were there before a quarter, of which the ledger has signed a checkpoint. */
async function intoQuarter(records: number): Promise<TestCase[]> {
  const cases: TestCase[] = [];
  for (let n = 0; n < records; n++) cases.push(await newCase(registry));
  await intoNextQuarter(registry);
  return cases;
}

const take = (by?: TestKey): Promise<TakenInspection> => takeInspection(registry, by);
const deliver = (taken: Pick<TakenInspection, 'item' | 'key'>) =>
  deliverInspection(registry, taken);
const counted = () => countedOf(registry);

describe('the draw of a quarter', () => {
  test('takes five of seven, once, as anybody repeats it who has the list', async () => {
    const cases = await intoQuarter(7);
    const [entry] = await detailsOf(registry, 'inspections-drawn');
    const refs: string[] = [];
    for (const { sanction } of cases) {
      const { caseKey } = (await caseOf(registry, sanction))!;
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
      cases.findIndex((theCase) => theCase.sanction === sanction),
    );
    expect(places.map((place) => refs[place]).toSorted()).toEqual(drawn.toSorted());
    await settleDue(registry.services);
    expect(await detailsOf(registry, 'inspections-drawn')).toHaveLength(1);
  });

  test('nobody made in time changes nothing', async () => {
    const [theCase] = await intoQuarter(1);
    registry.advance(33 * day);
    await settleDue(registry.services);
    expect(await inspectionRows(registry)).toEqual([{ outcome: null, closed_as: 'undecided' }]);
    const { state } = (await sanctionOf(registry, theCase!.sanction)) as { state: string };
    expect([state, await counted()]).toEqual(['visible', [0, 0]]);
  });
});

describe('an inspection', () => {
  test('that fails is a reversal, with its recalls, and counted', async () => {
    const [theCase] = await intoQuarter(1);
    const taken = await take();
    const early = { by: taken.by, item: taken.item, outcome: 'failed' } as const;
    expect(problem(await examine(registry, early))).toContain('not-delivered');
    resultOf(await deliver(taken));
    const opened = await registry.call(taken.by, 'evidence.open', {
      appeal: taken.item,
      item: 0,
    });
    const { jwe } = resultOf(opened) as { jwe: { recipients: { header: { kid: string } }[] } };
    expect(jwe.recipients[0]!.header.kid).toBe(thumbprint(taken.key));
    resultOf(await examine(registry, early));
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
    resultOf(await examine(registry, { by: taken.by, item: taken.item, outcome: 'passed' }));
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
    expect(await inspectionRows(registry)).toEqual([
      { outcome: 'failed', closed_as: 'undelivered' },
    ]);
    expect(await counted()).toEqual([1, 1]);
  });

  test('is not dodged by a withdrawal', async () => {
    const [theCase] = await intoQuarter(1);
    resultOf(await withdraw(registry, theCase!.sanction));
    expect(await inspectionRows(registry)).toEqual([{ outcome: 'failed', closed_as: 'ended' }]);
    expect(await counted()).toEqual([1, 1]);
  });

  test('is one reviewer’s, and evidence is for nobody else', async () => {
    await intoQuarter(1);
    const taken = await take();
    const [, other] = registry.parties.panel;
    expect(problem(await registry.call(other, 'review.claim', {}))).toEqual(['not-found']);
    const { item } = taken;
    expect(problem(await examine(registry, { by: other, item, outcome: 'failed' }))).toEqual([
      'not-found',
    ]);
    const open = await registry.call(other, 'evidence.open', { appeal: item, item: 0 });
    expect(problem(open)).toEqual(['not-found']);
    const strange = await deliver({ ...taken, key: await newSealingKey() });
    expect(problem(strange)).toContain('claims-changed');
    const decision = sql`insert into decisions (sanction, holder, review, kid, outcome, artefact, reasons, at, serial)
      values (${taken.sanction}, ${other.holder}, ${item}, ${other.kid}, 'failed', 'x.y.z', '', ${registry.now()}, false)`;
    expect(await sqlState(decision.execute(registry.db))).toBe('42501');
    const claim = sql`insert into assignments (review, sanction, holder, kid, at, expires_at, batch)
      values (${item}, ${taken.sanction}, ${other.holder}, ${other.kid}, ${registry.now()}, ${registry.now()}, ${item})`;
    expect(await sqlState(claim.execute(registry.db))).toBe('23505');
    await sql`drop index assignments_one_inspector`.execute(registry.ownerDb);
    expect(await sqlState(claim.execute(registry.db))).toBe('accepted');
    expect(await sqlState(decision.execute(registry.db))).toBe('42501');
    await sql`alter policy decisions_independent on decisions with check (true)`.execute(
      registry.ownerDb,
    );
    expect(await sqlState(decision.execute(registry.db))).toBe('accepted');
  });

  test('is closed as decided by nobody’s decision, and is of no review of its own making, whoever writes it', async () => {
    const [theCase] = await intoQuarter(1);
    const close = sql`update inspections set closed_at = ${registry.now()}, closed_as = 'decided',
      outcome = 'passed'`;
    expect(await sqlState(close.execute(registry.db))).toBe('23514');
    const review = sql`insert into reviews (id, sanction)
      values ('itm_' || repeat('0', 26), ${theCase!.sanction})`;
    expect(await sqlState(review.execute(registry.db))).toBe('23503');
    const unreviewed = sql`insert into inspections (id, sanction, why, opened_at, due_at)
      values ('itm_' || repeat('0', 26), ${theCase!.sanction}, 'drawn', now(), now() + interval '1 day')`;
    await sql`drop index inspections_open`.execute(registry.ownerDb);
    expect(await sqlState(unreviewed.execute(registry.db))).toBe('23503');
    await sql`drop trigger inspections_decided on inspections`.execute(registry.ownerDb);
    expect(await sqlState(close.execute(registry.db))).toBe('accepted');
  });

  test('is not assigned to a reviewer of the platform, whoever writes it', async () => {
    await intoQuarter(1);
    const [by] = registry.parties.panel;
    const { id: party } = registry.parties.harbour;
    await registry.db
      .insertInto('affiliations')
      .values({ holder: by.holder, party, until: null })
      .execute();
    expect(problem(await registry.call(by, 'review.claim', {}))).toEqual(['not-found']);
    const assign = sql`insert into assignments (review, sanction, holder, kid, at, expires_at, batch)
      select id, sanction, ${by.holder}, ${by.kid}, ${registry.now()}, ${registry.now()}, id from inspections`;
    expect(await sqlState(assign.execute(registry.db))).toBe('42501');
    await sql`alter policy assignments_independent on assignments with check (true)`.execute(
      registry.ownerDb,
    );
    expect(await sqlState(assign.execute(registry.db))).toBe('accepted');
  });
});

describe('whoever writes it, by SQL', () => {
  const asOwner = (statement: string) => sql.raw(statement).execute(registry.ownerDb);
  const held = [['23514'], ['accepted']];

  test('an inspection has no outcome that its end may not have', async () => {
    await intoQuarter(1);
    await asOwner('alter table inspections disable trigger user');
    const attacks = [
      `(null, null, 'passed')`,
      `(now(), 'decided', null)`,
      `(now(), 'undecided', 'failed')`,
      `(now(), 'undelivered', 'passed')`,
      `(now(), 'undelivered', null)`,
      `(now(), 'ended', 'passed')`,
    ].map((row) => `update inspections set (closed_at, closed_as, outcome) = ${row}`);
    const control = 'alter table inspections drop constraint inspections_outcome';
    expect(await tried(registry, attacks, control)).toEqual(held);
  });

  test('an inspection is decided as an inspection, and an appeal as an appeal', async () => {
    await intoQuarter(1);
    const taken = await take();
    const theCase = await newCase(registry);
    const { id } = await appealCase(registry, theCase);
    const { key: by } = await claimCase(registry, registry.parties.panel[1], id);
    const at = registry.now().toISOString();
    const attacks = [
      { ...taken, outcomes: decisionOutcomes },
      { item: id, sanction: theCase.sanction, by, outcomes: inspectionOutcomes },
    ].flatMap(({ outcomes, ...of }) =>
      outcomes.map(
        (outcome) =>
          `insert into decisions (sanction, holder, review, kid, outcome, cause, artefact, reasons, at, serial)
          values ('${of.sanction}', '${of.by.holder}', '${of.item}', '${of.by.kid}', '${outcome}',
            case when '${outcome}' in ('reversed', 'finding') then 'error' end, 'x.y.z', '', '${at}', false)`,
      ),
    );
    await asOwner('alter table decisions drop constraint decisions_pkey');
    const control = 'alter table decisions drop constraint decisions_of_kind';
    expect(await tried(registry, attacks, control)).toEqual(held);
  });

  test('no inspection has the id of an appeal', async () => {
    const theCase = await newCase(registry);
    const { id } = await appealCase(registry, theCase);
    const attack = `insert into inspections (id, sanction, why, opened_at, due_at)
      values ('${id}', '${theCase.sanction}', 'drawn', now(), now() + interval '1 day')`;
    const control = 'alter table inspections drop constraint inspections_id';
    expect(await tried(registry, [attack], control)).toEqual(held);
  });
});
