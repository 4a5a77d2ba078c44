import { Sequencer, settleDue, type Difference } from '@recourse/registry';
import type { TestRegistry } from '@recourse/testkit';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { examineLedger } from '../src/readers/doctor/examine-ledger.ts';
import { day, newCase, startAppealRegistry } from './appeals-harness.ts';
import { resultOf } from './checks-fixture.ts';
import { logSeeds } from './doctor-fixture.ts';
import { makeHistory } from './doctor-history.ts';
import { drain, newSigner } from './ledger-fixture.ts';
import { acknowledge, recallsOf } from './recalls-fixture.ts';
import { withdraw } from './sanctions-harness.ts';

let registry: TestRegistry;
beforeEach(async () => {
  registry = await startAppealRegistry({ unused: true });
  await logSeeds({ db: registry.db, now: registry.now() });
  if (!(await night()).isKept) throw new Error('something differs');
}, 60_000);
afterEach(() => registry.close());

interface Night {
  readonly found: readonly Difference[];
  readonly isKept: boolean;
  readonly isWhole: boolean;
}

async function night(isWhole = false): Promise<Night> {
  const { key } = await newSigner();
  const found: Difference[] = [];
  const { since, isKept } = await examineLedger(registry.db, {
    vault: registry.services.vault,
    key,
    outside: [],
    isWhole,
    onDifference: (difference) => found.push(difference),
    onProgress: () => {},
  });
  return { found, isKept, isWhole: since === undefined };
}

const well = { found: [], isKept: true, isWhole: false };

/** The registry, with a night after every few of its calls; the log moves before each other one. */
function withNights(nights: Night[]): TestRegistry {
  let calls = 0;
  const after = async <R>(answering: Promise<R>): Promise<R> => {
    const answer = await answering;
    if (++calls % 8 !== 0) return answer;
    if (calls % 16 === 0) await drain(new Sequencer(registry.db));
    nights.push(await night());
    return answer;
  };
  return new Proxy(registry, {
    get: (target, name) => {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== 'function') return value;
      const bound = value.bind(target) as (...args: unknown[]) => unknown;
      return name === 'call' || name === 'caseCall'
        ? (...args: unknown[]) => after(Promise.resolve(bound(...args)))
        : bound;
    },
  });
}

test('each night of a life agrees, whatever happened on that day', async () => {
  const nights: Night[] = [];
  await makeHistory(withNights(nights));
  expect(nights.length).toBeGreaterThan(20);
  expect(nights).toEqual(nights.map(() => well));
  expect(await night(true)).toEqual({ ...well, isWhole: true });
}, 300_000);

test('a case that was erased since the last night is missed by nobody', async () => {
  const { sanction } = await newCase(registry);
  await drain(new Sequencer(registry.db));
  expect(await night()).toEqual(well);
  resultOf(await withdraw(registry, sanction));
  for (const { id } of await recallsOf(registry, sanction))
    resultOf(await acknowledge(registry, id));
  expect((await settleDue(registry.services)).failures).toEqual([]);
  registry.advance(185 * day);
  expect((await settleDue(registry.services)).failures).toEqual([]);
  const { erased_at: erased } = await registry.db
    .selectFrom('sanctions')
    .select('erased_at')
    .where('id', '=', sanction)
    .executeTakeFirstOrThrow();
  expect(erased).not.toBe(null);
  expect(await night()).toEqual(well);
  await drain(new Sequencer(registry.db));
  expect(await night()).toEqual(well);
  expect(await night(true)).toEqual({ ...well, isWhole: true });
}, 120_000);
