import { test } from 'vitest';
import { findRecords } from '../src/checks/store.ts';
import { startCheckRegistry } from './checks-fixture.ts';
test('x', async () => {
  const r = await startCheckRegistry();
  try {
    console.log(await findRecords(r.db, { check: 'chk_x', party: 'plt_x', since: new Date(), tokens: [{ lookup: Buffer.alloc(32, 1), epoch: 1 }] }));
  } catch (e) { console.log(e); }
  await r.close();
});
