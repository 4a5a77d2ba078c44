import type { Id } from '@recourse/protocol';
import type { TestRegistry } from '@recourse/testkit';
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
import {
  deliverInspection,
  examine,
  takeInspection,
  type TakenInspection,
} from './inspections-harness.ts';
import { detailsOf } from './panel-harness.ts';
import { platformId } from './parties-operator-fixtures.ts';
import { sqlState } from './sanctions-harness.ts';

let registry: TestRegistry;
beforeEach(async () => {
  registry = await startAppealRegistry();
});
afterEach(() => registry.close());

const leave = async () => {
  const { harbour } = registry.parties;
  resultOf(await registry.call(harbour.admin, 'platforms.leave', { party: platformId(harbour) }));
};

/** The examination that is due first: taken, and its evidence delivered by the platform that left. */
async function delivered(): Promise<TakenInspection> {
  const taken = await takeInspection(registry);
  resultOf(await deliverInspection(registry, taken));
  return taken;
}
const decide = async (item: Id<'itm'>, outcome: 'passed' | 'failed') =>
  resultOf(await examine(registry, { by: registry.parties.panel[0], item, outcome }));
const stateOf = async ({ sanction }: Pick<TestCase, 'sanction'>) => {
  const { state, cause } = (await sanctionOf(registry, sanction)) as {
    state: string;
    cause?: string;
  };
  return [state, cause];
};

describe('the live records of a platform that left', () => {
  test('are all put to the panel, and the entry says how many', async () => {
    const cases = [await newCase(registry), await newCase(registry)];
    await leave();
    expect(await detailsOf(registry, 'party-left')).toMatchObject([{ records: 2 }]);
    const asked = await registry.db
      .selectFrom('inspections')
      .select(['sanction', 'why'])
      .orderBy('sanction')
      .execute();
    expect(asked).toEqual(cases.map(({ sanction }) => ({ sanction, why: 'leaving' })));
  });

  test('stay where a reviewer examined them, and end where nobody did', async () => {
    const cases = [await newCase(registry), await newCase(registry)];
    await leave();
    const remaining = await delivered();
    await decide(remaining.item, 'passed');
    registry.advance(31 * day);
    const other = cases.find(({ sanction }) => sanction !== remaining.sanction)!;
    // No job has run.
    expect(await stateOf(remaining)).toEqual(['visible', undefined]);
    expect(await stateOf(other)).toEqual(['withdrawn', 'submitter-left']);
    await settleDue(registry.services);
    expect(await stateOf(remaining)).toEqual(['visible', undefined]);
    expect(await stateOf(other)).toEqual(['withdrawn', 'submitter-left']);
    const { key } = cases.find(({ sanction }) => sanction === remaining.sanction)!;
    const seen = (await registry.caseCall('case.open', { code: key })).body.result.data.case;
    const lines = seen.history.map(({ event }: { event: string }) => event);
    expect(lines).toContain('leaver-confirmed');
  });

  test('are reversed where a reviewer found that they do not hold', async () => {
    const theCase = await newCase(registry);
    await leave();
    const { item } = await delivered();
    await decide(item, 'failed');
    expect(await stateOf(theCase)).toEqual(['reversed', 'insufficient-evidence']);
    expect(await answers(registry, theCase.tokens[0]!)).toBe(false);
  });
});

describe('the database', () => {
  const confirm = (sanction: string) =>
    registry.db
      .updateTable('sanctions')
      .set({ confirmed_at: registry.now() })
      .where('id', '=', sanction)
      .execute();

  test('lets no record outlive the membership that no reviewer examined after it', async () => {
    const theCase = await newCase(registry);
    expect(await sqlState(confirm(theCase.sanction))).toBe('23514');
    await leave();
    expect(await sqlState(confirm(theCase.sanction))).toBe('23514');
    const { item } = await delivered();
    await decide(item, 'passed');
    expect(await sqlState(confirm(theCase.sanction))).toBe('accepted');
  });
});
