import { join } from 'node:path';
import { readConfig, startAgent, type RunningAgent } from '@recourse/agent';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DeskHome } from './desk-home.ts';
import type { Desk } from './open-desk.ts';

let at: DeskHome;
let agent: RunningAgent;
let desk: Desk;

beforeAll(async () => {
  at = await DeskHome.start();
  const flags = ['--sandbox', at.dataDir, '--as', 'Tubely', '--url', at.server.url];
  const state = ['--state', join(at.dataDir, 'agent'), '--listen', '127.0.0.1:0', '--desk'];
  agent = await startAgent(readConfig([...flags, ...state], {}));
  const invite = await at.invite({ of: 'Tubely', role: 'trust' });
  desk = await at.openBy(invite, () => at.addWaitingKeys('Tubely'), { at: agent.deskAt ?? '' });
}, 180_000);
afterAll(async () => {
  await agent?.stop();
  await at?.close();
});

test('a trust person enrols at the desk of their agent, and checks a creator there', async () => {
  const { page } = desk;
  await page.getByRole('heading', { name: 'Inbox' }).waitFor();
  await page.getByText('of Tubely').waitFor();
  await page.goto(`${agent.deskAt}#/trust/check`);
  await page.getByRole('textbox', { name: 'Identifier' }).fill('best.deals@mail.example');
  await page.getByRole('button', { name: 'Check' }).click();
  const found = page.getByText('Harbour signed:');
  await found.waitFor();
  expect(await found.isVisible()).toBe(true);
});

test('which asks the agent alone, and breaks no policy', () => {
  const origins = new Set(desk.sent.map(({ url }) => new URL(url).origin));
  expect([...origins]).toEqual([new URL(agent.deskAt ?? '').origin]);
  expect(desk.sent.some(({ url }) => url.endsWith('/call/checks.match'))).toBe(true);
  expect(desk.complaints).toEqual([]);
  expect(desk.refused).toEqual([]);
});
