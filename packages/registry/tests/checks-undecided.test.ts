import type { TestRegistry } from '@recourse/testkit';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { appealCase, newCase, startAppealRegistry } from './appeals-harness.ts';
import { tried } from './sanctions-harness.ts';

let registry: TestRegistry;
beforeEach(async () => {
  registry = await startAppealRegistry();
});
afterEach(() => registry.close());

/** PostgreSQL lets a row pass that a check neither allows nor refuses, as one does that compares with an empty column. */
test.each([
  {
    what: 'an open appeal has no outcome',
    table: 'appeals',
    control: 'appeals_outcome',
    values: `outcome = 'dismissed'`,
  },
  {
    what: 'nobody conceded without that cause',
    table: 'appeals',
    control: 'appeals_concession',
    values: `concession = 'victim', closed_at = opened_at, closed_as = 'conceded'`,
  },
  {
    what: 'a key that nobody revoked was not in other hands',
    table: 'keys',
    control: 'keys_compromised',
    values: `compromised_since = timestamptz '2028-01-01'`,
  },
])('a check refuses what it cannot tell: $what', async ({ table, control, values }) => {
  await appealCase(registry, await newCase(registry));
  const attack = `update ${table} set ${values}`;
  const without = `alter table ${table} drop constraint ${control}`;
  expect(await tried(registry, [attack], without)).toEqual([['23514'], ['accepted']]);
});
