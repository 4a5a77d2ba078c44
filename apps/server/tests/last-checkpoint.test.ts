import { setTimeout as delay } from 'node:timers/promises';
import { connect, newestCheckpoint } from '@recourse/registry';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { eventually } from './eventually.ts';
import { checkpointOf } from './ledger-fixture.ts';
import { newHome, type TestHome } from './run-server.ts';

vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });

let home: TestHome;
beforeAll(async () => {
  home = await newHome();
});
afterAll(() => home.close());

test('whoever follows the log of a single server reads its last checkpoint before an orderly stop is over', async () => {
  const server = await home.start({ RECOURSE_DRAIN_SECONDS: '1' });
  const policy = { policies: ['https://harbour.example/rules'] };
  const admin = server.party('Harbour', 'trust', true);
  const before = await eventually(
    () => checkpointOf(server),
    ({ size }) => size > 0,
  );
  const over = new AbortController();
  let [taken, shown] = [0, before.size];
  // Entries until the server takes no more: the last ones come as it stops.
  const calls = (async () => {
    while (!over.signal.aborted) {
      const answer = await server.call(admin, 'parties.setPolicies', policy).catch(() => undefined);
      if (answer?.status === 200) taken++;
      else await delay(100);
    }
  })();
  const follower = (async () => {
    while (!over.signal.aborted) {
      const seen = await checkpointOf(server).catch(() => undefined);
      shown = seen?.size ?? shown;
      await delay(100);
    }
  })();
  await server.stop();
  over.abort();
  await Promise.all([calls, follower]);
  const db = connect({ url: home.database.url, role: 'recourse_service', connections: 1 });
  const last = await newestCheckpoint(db);
  await db.destroy();
  expect(taken).toBeGreaterThan(0);
  expect(last?.size).toBeGreaterThan(before.size);
  expect(shown).toBe(last?.size);
});
