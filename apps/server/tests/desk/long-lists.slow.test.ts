import type { Page } from 'playwright-core';
import { fillRecords } from '@recourse/testkit';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { DeskHome } from './desk-home.ts';
import { platformOf } from './members.ts';
import type { Desk } from './open-desk.ts';
import { phishing, recordAndTell } from './records.ts';

vi.setConfig({ testTimeout: 120_000 });

let at: DeskHome;
let desk: Desk;
let page: Page;
const filled = 10_000;
const owed = 130;

beforeAll(async () => {
  at = await DeskHome.start();
  const tubely = await platformOf(at.server, 'Tubely');
  const { sanction: drafted } = await tubely.sanctions.draft(
    phishing('a.draft@mail.example', new Date()),
  );
  const { sanction: told } = await recordAndTell(tubely, 'a.record@mail.example');
  const { ownerDb } = at.database.handles();
  await fillRecords(ownerDb, { like: drafted, count: owed, now: new Date(), name: 'draft' });
  await fillRecords(ownerDb, { like: told, count: filled, now: new Date(), name: 'record' });
  desk = await at.openDesk({ of: 'Tubely', role: 'trust', admin: true });
  page = desk.page;
}, 240_000);
afterAll(() => at?.close());

const go = (path: string): Promise<void> => at.go(page, path);
const rows = () => page.locator('tbody tr');
/** The name of a row; its identifiers come later. */
const nameIn = '.whom > :first-child';
const nameOf = (row: number) => rows().nth(row).locator(nameIn).textContent();
const focused = (): Promise<string> =>
  page.evaluate<string>(
    `document.activeElement.closest('tr')?.querySelector('${nameIn}')?.textContent ?? ''`,
  );

test('records of a platform with ten thousand go on by the keyboard, from the first new row', async () => {
  const begun = performance.now();
  await go('/trust/records');
  await rows().nth(49).waitFor();
  console.log(`first rows of ${filled}: ${Math.round(performance.now() - begun)} ms`);
  expect(await rows().count()).toBe(50);
  await page.getByText('50 shown of more.').waitFor();
  await page.getByRole('button', { name: 'Show more' }).focus();
  await page.keyboard.press('Enter');
  await page.getByText('100 shown of more.').waitFor();
  const first = await nameOf(50);
  await expect.poll(focused).toBe(first);
});

test('a record is found by its reference, and by a state that few are in, however old', async () => {
  await go('/trust/records');
  const begun = performance.now();
  await page.getByLabel('Reference, record id or identifier').fill('filled-record-00007');
  await page.getByRole('button', { name: 'Find' }).click();
  await page.getByText('Records that fit').waitFor();
  await page.getByRole('link', { name: 'filled-record-00007' }).waitFor();
  console.log(`found by reference: ${Math.round(performance.now() - begun)} ms`);
  expect(await rows().count()).toBe(1);
  await page.getByRole('button', { name: 'Show all' }).click();
  const chosen = performance.now();
  await page.getByRole('button', { name: /State$/ }).click();
  await page.getByRole('option', { name: 'Undecided' }).click();
  await page.getByText('No record of yours fits.').waitFor();
  console.log(`no record in a state: ${Math.round(performance.now() - chosen)} ms`);
});

test('the inbox has everything that is owed, and j leads on to more of it', async () => {
  await go('/trust/inbox');
  await page.getByText('50 shown of more.').waitFor();
  const counts = page.getByRole('navigation').getByRole('link', { name: /Drafts/ });
  await counts.filter({ hasText: String(owed + 1) }).waitFor();
  for (let press = 0; press < 51; press++) await page.keyboard.press('j');
  await page.keyboard.press('e');
  await page.getByText('100 shown of more.').waitFor();
  const first = await nameOf(50);
  await expect.poll(focused).toBe(first);
  await page.getByRole('button', { name: 'Show more' }).click();
  await page.getByText(/^All \d+ shown\.$/).waitFor();
  expect(await rows().count()).toBeGreaterThan(owed);
});

test('nothing broke the policy or threw', () => {
  expect(desk.complaints).toEqual([]);
});
