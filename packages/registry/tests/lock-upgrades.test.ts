import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TestRegistry } from '@recourse/testkit';
import { settleDue } from '../src/scheduler/settle-due.ts';
import { startAppealRegistry } from './appeals-harness.ts';
import { makeHistory } from './doctor-history.ts';
import { addKey } from './parties-fixtures.ts';
import { resultOf } from './checks-fixture.ts';

let registry: TestRegistry;
beforeAll(async () => {
  registry = await startAppealRegistry();
  await makeHistory(registry);
}, 240_000);
afterAll(() => registry.close());

test('no transaction upgrades a lock: not one of a history of all kinds, nor a key that revokes itself', async () => {
  await settleDue(registry.services);
  const { admin } = registry.parties.harbour;
  const key = await addKey(registry, admin, { role: 'trust', admin: true });
  resultOf(await registry.call(key, 'keys.revoke', { kid: key.kid, why: 'retired' }));
  expect(registry.lockUpgrades).toEqual([]);
});

test('one that shares a row and then locks it is found', async () => {
  const before = registry.lockUpgrades.length;
  const { kid } = registry.parties.harbour.trust;
  await registry.db.transaction().execute(async (trx) => {
    const key = trx.selectFrom('keys').select('kid').where('kid', '=', kid);
    await key.forShare().execute();
    await key.forUpdate().execute();
  });
  expect(registry.lockUpgrades.slice(before)).toMatchObject([{ table: 'keys', id: kid }]);
});
