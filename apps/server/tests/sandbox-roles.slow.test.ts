import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startChild } from './child-server.ts';
import { newHome, type TestHome } from './run-server.ts';

let home: TestHome;
beforeAll(async () => {
  home = await newHome();
});
afterAll(() => home.close());

test(
  'a sandbox of an api and a worker comes up, also where the api is started long before',
  { timeout: 400_000 },
  async () => {
    const api = startChild(home, { RECOURSE_ROLE: 'api' });
    // Longer than a log that nobody moves takes calls.
    await Promise.race([api, delay(40_000)]);
    await startChild(home, { RECOURSE_ROLE: 'worker' });
    const { client } = await api;
    const key = client.party('Harbour', 'trust');
    const { status, body } = await client.call(key, 'sanctions.list', {});
    expect([status, body.result.sanctions.length > 0]).toEqual([200, true]);
  },
);
