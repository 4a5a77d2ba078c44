import { setTimeout as delay } from 'node:timers/promises';
import { connect } from '@recourse/registry';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { newHome, type HttpAnswer, type TestHome, type TestServer } from './run-server.ts';

vi.setConfig({ testTimeout: 300_000 });

let home: TestHome;
let server: TestServer;

beforeAll(async () => {
  home = await newHome();
  server = await home.start();
});
afterAll(() => home.close());

const form = {
  'Content-Type': 'application/x-www-form-urlencoded',
  'Sec-Fetch-Site': 'same-origin',
};
const elsewhere = { ...form, 'Sec-Fetch-Site': 'cross-site', Origin: 'https://else.example' };

const press = (headers: Record<string, string> = form): Promise<HttpAnswer> =>
  server.post('/sandbox/fill', '', { headers });
const words = async (path: string): Promise<string> =>
  (await server.get(path, { Accept: 'text/html' })).text;

async function rows(): Promise<{ records: number; drafts: number; told: number; appeals: number }> {
  const db = connect({ url: home.database.ownerUrl, connections: 1 });
  try {
    const all = await db.selectFrom('sanctions').selectAll().execute();
    const appeals = await db.selectFrom('appeals').selectAll().execute();
    return {
      records: all.filter(({ submitted_at: at }) => at !== null).length,
      drafts: all.filter(({ submitted_at: at }) => at === null).length,
      told: all.filter(({ notified_at: at }) => at !== null).length,
      appeals: appeals.length,
    };
  } finally {
    await db.destroy();
  }
}

async function untilState(said: RegExp): Promise<string> {
  for (;;) {
    const text = await words('/sandbox/fill');
    if (said.test(text)) return text;
    await delay(200);
  }
}

test('a form of another site fills nothing, and a link does not', async () => {
  expect((await press(elsewhere)).headers.location).toBe('/sandbox');
  await server.get('/sandbox/fill', { Accept: 'text/html' });
  expect(await words('/sandbox')).toContain('Fill the sandbox');
  expect(await rows()).toMatchObject({ records: 7, appeals: 0 });
});

test('a filling that a stop cut off goes on at the next press, and makes nothing twice', async () => {
  const { status, headers } = await press();
  expect([status, headers.location]).toEqual([303, '/sandbox/fill']);
  const running = await server.get('/sandbox/fill', { Accept: 'text/html' });
  expect([running.headers['refresh'], running.text.includes('of 300 records')]).toEqual([
    '2',
    true,
  ]);
  await untilState(/(?:25|50|75) of 300 records/);
  await server.stop();
  server = await home.start();
  expect((await rows()).records).toBeLessThan(307);
  expect(await words('/sandbox')).toContain('Go on filling');
  await press();
  const text = await untilState(/The sandbox is filled/);
  expect(text).not.toContain('<button');
  expect(await rows()).toEqual({ records: 307, drafts: 0, told: 269, appeals: 20 });
});

test('a filled sandbox has no button, and a press makes nothing more', async () => {
  expect(await words('/sandbox')).not.toContain('action="/sandbox/fill"');
  await press();
  expect(await words('/sandbox/fill')).toContain('The sandbox is filled');
  expect((await rows()).records).toBe(307);
});

test('what fills it lifts no bound: no operator set a limit, and no analyst confirmed an own draft', async () => {
  const db = connect({ url: home.database.ownerUrl, connections: 1 });
  const parties = await db.selectFrom('parties').selectAll().execute();
  await db.destroy();
  expect(parties.every(({ submissions_per_day: limit }) => limit === null)).toBe(true);
});
