import type { Id } from '@recourse/protocol';
import { Sequencer } from '@recourse/registry';
import { random32, type TestKey, type TestRegistry } from '@recourse/testkit';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { settleDue } from '../src/scheduler/settle-due.ts';
import {
  answers,
  day,
  newCase,
  sanctionOf,
  startAppealRegistry,
  type TestCase,
} from './appeals-harness.ts';
import { resultOf } from './checks-fixture.ts';
import { found, named } from './doctor-fixture.ts';
import { drain, newSigner } from './ledger-fixture.ts';
import {
  inspectionRows,
  countedOf,
  deliverInspection,
  examine,
  takeInspection,
  type TakenInspection,
} from './inspections-harness.ts';
import { problem, sqlState } from './sanctions-harness.ts';

let registry: TestRegistry;
let first: TestKey;
let second: TestKey;
beforeEach(async () => {
  registry = await startAppealRegistry();
  [first, second] = registry.parties.panel;
});
afterEach(() => registry.close());

/** A record of somebody on probation, taken by a reviewer with its evidence. */
async function delivered(): Promise<TestCase & { taken: TakenInspection }> {
  const theCase = await newCase(registry);
  await onProbation();
  const taken = await takeInspection(registry, first);
  resultOf(await deliverInspection(registry, taken));
  return { ...theCase, taken };
}

/** Harbour is new, whatever the rules of a probation say. */
async function onProbation(): Promise<void> {
  const until = new Date(registry.now().getTime() + 90 * day * 1000);
  const { id } = registry.parties.harbour;
  for (const statement of [
    sql`alter table parties disable trigger user`,
    sql`update parties set probation_until = ${until} where id = ${id}`,
    sql`alter table parties enable trigger user`,
  ]) {
    await statement.execute(registry.ownerDb);
  }
  await settleDue(registry.services);
}

const contentKey = random32();
const dispute = (item: Id<'itm'>, by = first) =>
  registry.call(by, 'evidence.dispute', { appeal: item, item: 0, contentKey });
const recheck = (by = second) => registry.call(by, 'evidence.recheck', {});
const settle = (item: Id<'itm'>, finding: 'fits' | 'does-not-fit' | 'does-not-open', by = second) =>
  registry.call(by, 'evidence.settle', { appeal: item, item: 0, says: finding });
const stateOf = async (sanction: string) =>
  ((await sanctionOf(registry, sanction)) as { state: string }).state;

/** Disputed, and repeated by the second reviewer, who says this. */
async function settled(item: Id<'itm'>, finding: 'fits' | 'does-not-fit' | 'does-not-open') {
  resultOf(await dispute(item));
  resultOf(await recheck());
  return resultOf(await settle(item, finding)) as { closedAs: string; evidenceDueAt?: string };
}

describe('the first records of a probation', () => {
  test('are examined from when they answer, each once', async () => {
    const { sanction } = await newCase(registry);
    await settleDue(registry.services);
    expect(await registry.db.selectFrom('inspections').selectAll().execute()).toEqual([]);
    await onProbation();
    await settleDue(registry.services);
    const rows = await registry.db.selectFrom('inspections').select(['sanction', 'why']).execute();
    expect(rows).toEqual([{ sanction, why: 'probation' }]);
    const taken = await takeInspection(registry, first);
    resultOf(await deliverInspection(registry, taken));
    resultOf(await examine(registry, { by: first, item: taken.item, outcome: 'passed' }));
    await settleDue(registry.services);
    expect(await registry.db.selectFrom('inspections').select('id').execute()).toHaveLength(1);
    expect(await countedOf(registry)).toEqual([0, 0]);
  });
});

describe('evidence of an inspection that does not fit', () => {
  test('is looked at by a second reviewer, with the key of the first', async () => {
    const { taken } = await delivered();
    const { item } = taken;
    resultOf(await dispute(item));
    expect(problem(await recheck(first))).toEqual(['not-found']);
    expect(problem(await settle(item, 'fits'))).toEqual(['not-found']);
    expect(resultOf(await recheck())).toMatchObject({ appeal: item, item: 0 });
    const shown = resultOf(
      await registry.call(second, 'evidence.disputed', { appeal: item, item: 0 }),
    );
    expect(shown).toMatchObject({ contentKey, item: 0 });
    const stranger = await registry.call(first, 'evidence.disputed', { appeal: item, item: 0 });
    expect(problem(stranger)).toEqual(['not-found']);
  });

  test('is not decided on, nor disputed twice, before that', async () => {
    const { taken } = await delivered();
    const { item } = taken;
    resultOf(await dispute(item));
    const decide = () => examine(registry, { by: first, item, outcome: 'failed' });
    expect(problem(await decide())).toContain('disputed');
    expect(problem(await dispute(item))).toContain('already-disputed');
    resultOf(await recheck());
    resultOf(await settle(item, 'does-not-open'));
    expect(problem(await dispute(item))).toContain('already-disputed');
    resultOf(await decide());
  });

  test('is delivered once more in 3 d, and ends the record a second time', async () => {
    const { taken, sanction } = await delivered();
    const once = await settled(taken.item, 'does-not-fit');
    expect(once.closedAs).toBe('mismatch');
    const days = (Date.parse(once.evidenceDueAt!) - registry.now().getTime()) / (day * 1000);
    expect(days).toBeGreaterThan(2.99);
    expect(days).toBeLessThan(6);
    const { service } = registry.parties.harbour;
    const { inspections } = resultOf(await registry.call(service, 'appeals.list', {})) as {
      inspections: { inspection: Id<'itm'>; evidenceDueAt: string }[];
    };
    expect(inspections).toMatchObject([
      { inspection: taken.item, evidenceDueAt: once.evidenceDueAt },
    ]);
    const owed = resultOf(await registry.call(service, 'appeals.get', { appeal: taken.item }));
    expect(owed).toMatchObject({ evidence: [{ delivered: false, rejected: 'mismatch' }] });
    resultOf(await deliverInspection(registry, taken));
    expect(await stateOf(sanction)).toBe('visible');
    await settled(taken.item, 'does-not-fit');
    expect(await sanctionOf(registry, sanction)).toMatchObject({ state: 'reversed' });
    expect(await inspectionRows(registry)).toEqual([
      { outcome: 'failed', closed_as: 'undelivered' },
    ]);
    expect(await countedOf(registry)).toEqual([1, 1]);
  });

  test('that is not delivered again is a reversal, before any job ran', async () => {
    const { taken, sanction, tokens } = await delivered();
    await settled(taken.item, 'does-not-fit');
    registry.advance(6 * day);
    expect(await answers(registry, tokens[0]!)).toBe(false);
    expect(await stateOf(sanction)).toBe('reversed');
  });

  test('and of which the second reviewer says that it fits counts', async () => {
    const { taken } = await delivered();
    expect(await settled(taken.item, 'fits')).toMatchObject({ closedAs: 'void', recalls: 0 });
    const disputes = await registry.db.selectFrom('disputes').select('content_key').execute();
    expect(disputes).toEqual([{ content_key: null }]);
    resultOf(await examine(registry, { by: first, item: taken.item, outcome: 'passed' }));
  });

  test('comes to nothing with its inspection', async () => {
    const { taken } = await delivered();
    resultOf(await dispute(taken.item));
    registry.advance(33 * day);
    await settleDue(registry.services);
    const rows = await registry.db
      .selectFrom('disputes')
      .select(['closed_as', 'content_key'])
      .execute();
    expect(rows).toEqual([{ closed_as: 'moot', content_key: null }]);
  });

  test('is looked at by nobody of the platform, and not by the first, whoever writes it', async () => {
    const { taken } = await delivered();
    resultOf(await dispute(taken.item));
    const assign = ({ holder }: TestKey) =>
      sqlState(
        sql`update disputes set second = ${holder}, assigned_at = ${registry.now()}`.execute(
          registry.db,
        ),
      );
    await sql`alter policy disputes_independent on disputes with check (true)`.execute(
      registry.ownerDb,
    );
    expect(await assign(first)).toBe('23514');
    await sql`alter policy disputes_independent on disputes with check (
      second is null or is_independent(sanction, second, assigned_at))`.execute(registry.ownerDb);
    const { id: party } = registry.parties.harbour;
    await registry.db
      .insertInto('affiliations')
      .values({ holder: second.holder, party, until: null })
      .execute();
    expect(await assign(second)).toBe('42501');
    expect(problem(await recheck())).toEqual(['not-found']);
  });

  test('is in the ledger: the doctor names a row that says something else', async () => {
    const { taken } = await delivered();
    await settled(taken.item, 'does-not-fit');
    await drain(new Sequencer(registry.db));
    const { key } = await newSigner();
    const faultsAfter = async (...statements: string[]) =>
      named(await found({ registry }, { key }, statements)).filter((one) =>
        / (inspections|disputes)/.test(one),
      );
    expect(await faultsAfter()).toEqual([]);
    expect(await faultsAfter(`update disputes set closed_as = 'void'`)).toEqual([
      'row-not-logged disputes settled',
      'entry-without-row disputes settled',
    ]);
    expect(await faultsAfter(`delete from disputes`)).toEqual([
      'entry-without-row disputes disputed',
      'entry-without-row disputes settled',
    ]);
    expect(await faultsAfter(`update inspections set why = 'drawn'`)).toEqual([
      'row-not-logged inspections examined',
      'entry-without-row inspections examined',
    ]);
  });
});
