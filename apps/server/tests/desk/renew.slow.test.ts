import type { Recourse } from '@recourse/sdk';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { announceEpoch } from '../announce-epoch.ts';
import { axeFlaws } from '../browser/axe.ts';
import { advance } from '../sample-case.ts';
import { DeskHome } from './desk-home.ts';
import { choose } from './keyboard.ts';
import { platformOf } from './members.ts';
import type { Desk } from './open-desk.ts';
import { phishing } from './records.ts';
import { csvOf, importTable } from './screens.ts';
import { tick } from './tick.ts';

vi.setConfig({ testTimeout: 120_000 });

const day = 86_400;
const imported = 3;

let at: DeskHome;
let author: Desk;
let colleague: Desk;
/** Got a key after everything was recorded */
let later: Desk;
let tubely: Recourse;
let unknown: string;

/** Tubely has records of a program, which no journal has, and an import of a desk, which it shares with a colleague. */
beforeAll(async () => {
  at = await DeskHome.start();
  tubely = await platformOf(at.server, 'Tubely');
  unknown = (await tubely.sanctions.submit(phishing('by.a.program@mail.example', new Date())))
    .sanction;
  colleague = await at.openDesk({ of: 'Tubely', role: 'trust', label: 'Colleague' });
  await at.go(colleague.page, '/trust/inbox');
  author = await at.openDesk({ of: 'Tubely', role: 'trust', admin: true });
  const { page } = author;
  await at.go(page, '/trust/import');
  await importTable(page, 'export.csv', csvOf({ good: imported, bad: 0, now: new Date() }));
  for (const box of await page.getByRole('checkbox').all()) await tick(box);
  await page.getByRole('button', { name: `Sign and record ${imported} of` }).click();
  await page.getByText(`${imported} rows are recorded`).waitFor();
  await at.go(page, '/trust/inbox');
  await page.getByRole('button', { name: /^Choose \d+ notices/ }).click();
  await page.getByRole('button', { name: /^Tell the creators/ }).click();
  await choose(page, 'Language of these creators', 'German');
  await page.getByRole('button', { name: /^Have the registry write/ }).click();
  await page.getByText(`Done: ${imported} creators are written to`).waitFor();
}, 300_000);
afterAll(() => at?.close());

const left = async (): Promise<string[]> =>
  (await tubely.sanctions.untokenised({ limit: 100 })).sanctions.map(({ sanction }) => sanction);

test('who joins later opens what was recorded before, once a colleague opened the records', async () => {
  await at.go(author.page, '/trust/records');
  const row = author.page.getByRole('row', { name: 'import.0@mail.example' });
  const href = (await row.getByRole('link').first().getAttribute('href')) ?? '';
  const notice = `/trust/notice/${href.split('/').at(-1)}`;
  later = await at.openDesk({ of: 'Tubely', role: 'trust', label: 'Later' });
  await at.go(later.page, notice);
  await later.page.getByText('This record was shared before your key was there').waitFor();
  const { page } = colleague;
  await at.go(page, '/trust/people');
  await page.getByRole('link', { name: 'opens the records to colleagues' }).click();
  expect(await axeFlaws(page)).toEqual([]);
  await page.getByRole('button', { name: /^Open \d+ records to colleagues/ }).click();
  await page.getByText(`Done: ${imported} of your records can be opened`).waitFor();
  await page.getByText('Nobody shared it: a program recorded it').first().waitFor();
  await page.getByRole('button', { name: 'Close' }).last().click();
  await page.getByRole('heading', { name: 'Keys and people' }).waitFor();
  await later.page.reload();
  await later.page.getByText('A colleague recorded this, and shared').waitFor();
});

test('a platform renews its records by one act, from what a colleague shared', async () => {
  const { page } = later;
  await at.go(page, '/trust/inbox');
  expect(await page.getByText('Your records need new tokens').count()).toBe(0);
  expect(await announceEpoch(at.server, await at.makeEpochKey(2))).toBe('executed');
  await advance(at.server, 3 * day);
  const listed = await left();
  expect(listed.length).toBeGreaterThan(imported);
  await page.reload();
  await at.go(page, '/trust/inbox');
  await page.getByText('A live record without new tokens ends on').waitFor();
  await page.getByRole('link', { name: 'Renew your records' }).click();
  await page.getByText(`${listed.length} records need new tokens`).waitFor();
  expect(await axeFlaws(page)).toEqual([]);
  await page.getByRole('button', { name: `Renew ${listed.length} records` }).click();
  await page.getByText(`Done: ${imported} records have new tokens`).waitFor();
  const rest = await left();
  expect(rest).toHaveLength(listed.length - imported);
  expect(rest).toContain(unknown);
  await page.getByText('This browser knows no identifier of it').first().waitFor();
  await page.getByRole('button', { name: 'Export what is left, with why' }).waitFor();
  expect(await axeFlaws(page)).toEqual([]);
});

test('what was renewed answers once the old key has closed, and nothing broke the policy', async () => {
  await advance(at.server, 15 * day);
  const clock = (): Date => new Date(Date.now() + 18 * day * 1000);
  const marketo = await platformOf(at.server, 'Marketo', { clock });
  const { matches } = await marketo.check(
    { email: 'import.0@mail.example' },
    { purpose: 'monetisation' },
  );
  expect(matches).toHaveLength(1);
  expect((await tubely.sanctions.get({ sanction: unknown as `snc_${string}` })).state).not.toBe(
    'visible',
  );
  const all = [author, colleague, later].flatMap(({ complaints }) => complaints);
  expect(all).toEqual([]);
});
