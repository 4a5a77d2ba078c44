import { startTestRegistry } from '@recourse/testkit';
import { test } from 'vitest';
import { addKey, refusalOf } from './parties-fixtures.ts';
test('self', async () => {
  const r = await startTestRegistry();
  const { admin } = r.parties.harbour;
  const second = await addKey(r, admin, { role: 'trust', admin: true });
  console.log('SELF', refusalOf(await r.call(second, 'keys.revoke', { kid: second.kid, why: 'retired' })), refusalOf(await r.call(second, 'keys.list', {})));
  await r.close();
});
