import type { Locator, Page } from 'playwright-core';
import type { Recourse } from '@recourse/sdk';
import { workbookOfTexts } from '@recourse/testkit';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { DeskHome } from './desk-home.ts';
import { platformOf } from './members.ts';
import type { Desk } from './open-desk.ts';
import { phishing } from './records.ts';
import { csvOf, importTable } from './screens.ts';
import { tick } from './tick.ts';

vi.setConfig({ testTimeout: 120_000 });

let at: DeskHome;
let desk: Desk;
let page: Page;
let tubely: Recourse;
let marketo: Recourse;

beforeAll(async () => {
  at = await DeskHome.start();
  tubely = await platformOf(at.server, 'Tubely');
  marketo = await platformOf(at.server, 'Marketo');
  desk = await at.openDesk({ of: 'Tubely', role: 'trust', admin: true });
  page = desk.page;
}, 240_000);
afterAll(() => at?.close());

const go = (path: string): Promise<void> => at.go(page, path);
const press = (name: string | RegExp): Promise<void> => page.getByRole('button', { name }).click();
const stateOf = async (sanction: string): Promise<string> =>
  (await tubely.call('sanctions.get', { sanction: sanction as `snc_${string}` })).result.state;

const answer = (): Locator => page.locator('main > [role=status]');
const waiting = (list: string): Locator =>
  page.getByRole('navigation').getByRole('link', { name: new RegExp(`^${list}`) });

test('a draft is confirmed by a second person, or returned: the desk says so, and counts anew', async () => {
  const draft = async (value: string) =>
    (await tubely.sanctions.draft(phishing(value, new Date()))).sanction;
  const [one, two] = [await draft('draft.one@mail.example'), await draft('draft.two@mail.example')];
  await go(`/trust/drafts/${one}`);
  await expect.poll(() => waiting('Drafts').textContent()).toBe('Drafts2');
  await press('Confirm');
  await answer()
    .getByText(/^Confirmed: “Phishing.*Tell the creator by/)
    .waitFor();
  expect(await stateOf(one)).toBe('held');
  expect(await page.getByRole('button', { name: 'Confirm' }).count()).toBe(0);
  expect(await waiting('Drafts').textContent()).toBe('Drafts1');
  // The button that had the focus is gone.
  expect(await page.locator(':focus').getAttribute('class')).toBe('answer');
  await page.getByRole('link', { name: 'Send the notice' }).click();
  await page.getByRole('heading', { name: 'Notice to the creator' }).waitFor();
  await expect.poll(() => answer().textContent()).toBe('');
  await go(`/trust/drafts/${two}`);
  await page.getByRole('textbox', { name: /^Or return it/ }).fill('The incident was in June.');
  await press('Return it');
  await answer()
    .getByText(/^Returned: “Phishing/)
    .waitFor();
  expect(await waiting('Drafts').textContent()).toBe('Drafts');
  expect(await page.getByRole('textbox').count()).toBe(0);
});

test('a home reversal whose lifting is filled in half is not sent, and says what is missing', async () => {
  const { sanction } = await tubely.sanctions.submit(phishing('home@mail.example', new Date()));
  await go(`/trust/records/${sanction}`);
  await press('Withdraw this record');
  const choose = async (label: string, option: string): Promise<void> => {
    await page.getByRole('button', { name: new RegExp(label) }).click();
    await page.getByRole('option', { name: option, exact: true }).click();
  };
  await choose('Why', 'Home reversal');
  const send = page.getByRole('button', { name: 'Sign and withdraw' });
  await choose('Who lifted it', 'Court');
  await page.getByText('Say who lifted it and when').waitFor();
  expect(await send.isDisabled()).toBe(true);
  await press('Keep it');
  await press('Withdraw this record');
  await choose('Why', 'Home reversal');
  await send.click();
  await answer()
    .getByText(/^Withdrawn: “Phishing.*No platform was told/)
    .waitFor();
  expect(await stateOf(sanction)).toBe('withdrawn');
});

test('an inquiry is answered from a closed list', async () => {
  const value = 'clips.factory@mail.example';
  const { matches } = await marketo.check({ email: value }, { purpose: 'monetisation' });
  await marketo.matches.ask({ match: matches[0]!.match, asks: 'accounts-linked' });
  await go('/trust/inquiries');
  await page
    .getByRole('button', { name: /Answer$/ })
    .first()
    .click();
  await page.getByRole('option', { name: '2 to 9' }).click();
  await page.getByRole('button', { name: 'Answer', exact: true }).last().click();
  await answer()
    .getByText(/^Answered: whoever asked about “.*reads “2 to 9”/)
    .waitFor();
  const { questions } = await marketo.matches.questions({});
  expect(questions[0]?.answer).toBe('2-to-9');
});

test('an import of ten thousand rows records those that are whole, and says in the grid what the others lack', async () => {
  await go('/trust/import');
  await importTable(page, 'export.csv', csvOf({ good: 2, bad: 9_998, now: new Date() }));
  // The grid shows the first 500.
  expect(await page.getByText('Allowed: ').count()).toBe(498);
  for (const box of await page.getByRole('checkbox').all()) await tick(box);
  await press('Sign and record 2 of 10,000 rows');
  await page.getByRole('link', { name: 'Recorded' }).nth(1).waitFor({ timeout: 60_000 });
  expect(await page.getByText('Mend', { exact: true }).count()).toBe(498);
});

test('an import of a workbook records its rows, and shows what a hostile cell says as text', async () => {
  const csv = csvOf({ good: 1, bad: 1, now: new Date() }).replaceAll('import.0@', 'sheet.0@');
  const rows = csv.split('\n').map((line) => line.split(','));
  const hostile = '=cmd &lt;img src=x onerror="window.pwned=1"&gt;';
  rows[2]![11] = hostile;
  await go('/trust/import');
  await importTable(page, 'export.xlsx', workbookOfTexts(rows));
  await page.getByText('<img src=x onerror="window.pwned=1">').waitFor();
  expect(await page.evaluate('window.pwned')).toBeUndefined();
  for (const box of await page.getByRole('checkbox').all()) await tick(box);
  await press('Sign and record 1 of 2 rows');
  await page.getByRole('link', { name: 'Recorded' }).waitFor({ timeout: 60_000 });
  await go('/trust/import');
  await page
    .locator('input[type=file]')
    .first()
    .setInputFiles({ name: 'export.xlsx', mimeType: '', buffer: Buffer.from('PK nothing') });
  await page.getByText('This file has no line of column names').waitFor();
});

test('a key comes back from its backup, and by its passphrase alone', async () => {
  await go('/trust/people');
  const saving = page.waitForEvent('download');
  await press('Download its backup');
  const backup = await (await saving).path();
  await go('/trust/inbox');
  await press('Lock');
  await press('Forget this key in this browser');
  await page.getByRole('heading', { name: 'Recourse desk' }).waitFor();
  await page.goto(`${at.server.url}/desk/#/restore`);
  await page.locator('input[type=file]').setInputFiles(backup);
  await page.getByLabel('Its passphrase').fill('another passphrase');
  await press('Restore');
  await page.getByText('This passphrase does not open this file.').waitFor();
  await page.getByLabel('Its passphrase').fill('sandbox-passphrase');
  await press('Restore');
  await page.getByRole('heading', { name: 'Inbox' }).waitFor();
  await go('/trust/records');
  const held = page.getByRole('cell', { name: 'Held' }).first();
  await held.waitFor();
  expect(await held.isVisible()).toBe(true);
});

test('nothing broke the policy or threw', () => {
  expect(desk.complaints).toEqual([]);
});
