import type { TestRegistry } from '@recourse/testkit';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { onItsOwn } from '../src/records/on-its-own.ts';
import { dueKinds } from '../src/scheduler/due-kinds.ts';
import { startCheckRegistry } from './checks-fixture.ts';
import { appealed } from './due-fixture.ts';
import { days, entriesOf, recallsOf } from './recalls-fixture.ts';

let registry: TestRegistry;
beforeEach(async () => {
  registry = await startCheckRegistry();
});
afterEach(() => registry.close());

test('a step that was taken on the way to something that is not due has its entry all the same', async () => {
  const id = await appealed(registry, { evidence: 7 });
  registry.advance(8 * days);
  const done = await onItsOwn(registry.services, (ctx) =>
    dueKinds['erasures']!.settle(ctx, { id, limit: 1 }),
  );
  expect(done).toBe(0);
  expect((await recallsOf(registry, id)).map(({ kind }) => kind)).toEqual(['pause']);
  expect(await entriesOf(registry, 'sanction-suspended')).toHaveLength(1);
  expect(await entriesOf(registry, 'recall-issued')).toHaveLength(1);
});
