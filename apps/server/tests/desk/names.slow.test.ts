import { findInTables } from '@recourse/testkit';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { flawsInEachLook } from '../browser/axe.ts';
import { DeskHome } from './desk-home.ts';
import type { Desk } from './open-desk.ts';
import { choose } from './keyboard.ts';
import { completeForm, prefilledForm } from './record-form.ts';

vi.setConfig({ testTimeout: 120_000 });

// A name that an administrator writes, as colleagues read it, and as the registry does not.

let at: DeskHome;
let admin: Desk;
let analyst: Desk;
/** Holder id of the analyst */
let holder: string;

const name = 'Zephyrine Quillfeather';

beforeAll(async () => {
  at = await DeskHome.start();
  admin = await at.openDesk({ of: 'Tubely', role: 'trust', admin: true, label: 'Amina' });
  analyst = await joining();
  await recordByForm(analyst.page);
}, 300_000);
afterAll(() => at?.close());

/** Somebody whom the administrator invites and adds at their desk, so that they are a person of their own. */
const joining = (): Promise<Desk> => invited('Somebody new', 'Zed');

async function invited(whom: string | RegExp, label: string): Promise<Desk> {
  const { page } = admin;
  await at.go(page, '/trust/people');
  await choose(page, 'Whom', whom);
  await button(page, 'Make an invite').click();
  const link = await page.getByText(/#\/enrol\?invite=/).innerText();
  const invite = link.split('invite=')[1] ?? '';
  return at.openBy(`${invite}&name=${label}`, async () => {
    await at.go(page, '/trust/people');
    await button(page, 'It is the same: add it').click();
    await answered(page, /^Added: the key/);
    // Whoever looks at the people seals the names to who joins.
    await at.go(page, '/trust/inbox');
  });
}

async function recordByForm(page: Page): Promise<void> {
  const now = new Date();
  await at.go(
    page,
    prefilledForm({ email: 'named@mail.example', now, ref: 'house-case-2026-000417' }),
  );
  await page.getByRole('heading', { name: 'What the creator will read' }).waitFor();
  await completeForm(page, now, 'view,device\n1,rented\n');
  await button(page, 'Sign and record').click();
  await page.getByRole('heading', { name: 'Notice to the creator' }).waitFor();
}

const button = (page: Page, text: string): Locator => page.getByRole('button', { name: text });
/** The green sentence, which is the only one. */
const answered = (page: Page, text: RegExp): Promise<void> =>
  page.locator('main > [role=status]').getByText(text).waitFor();
const field = (page: Page): Locator => page.getByRole('textbox', { name: 'Name' });
const rowOf = (page: Page, kid: string): Locator => page.locator('tbody tr', { hasText: kid });
const keyOf = (page: Page): Promise<string> => page.locator('.acting code').innerText();

/** Goes to where the analyst is named, by the link at their row. */
async function goToNaming(page: Page): Promise<void> {
  await at.go(page, '/trust/people');
  const row = rowOf(page, await keyOf(analyst.page));
  await row.getByRole('link', { name: /^(?:Name this person|Change the name)/ }).click();
  await page.getByRole('heading', { name: 'Name a person' }).waitFor();
  holder = /hld_[0-9a-z]{26}/.exec(page.url())?.[0] ?? '';
}

async function goToRecord(page: Page): Promise<void> {
  await at.go(page, '/trust/records');
  await page.locator('[data-row]', { hasText: 'house-case-2026-000417' }).getByRole('link').click();
  await page.getByText('Signed by').waitFor();
}

test('who has no name is shown by the key, and only an administrator is led to give one', async () => {
  await goToRecord(analyst.page);
  const signedBy = analyst.page.locator('dd', { hasText: await keyOf(analyst.page) });
  await signedBy.getByText('No name yet').waitFor();
  expect(await signedBy.getByRole('link').count()).toBe(0);
  await at.go(analyst.page, '/trust/people');
  await analyst.page.getByText('You have no name yet: an administrator gives you one.').waitFor();
  await analyst.page.getByText('An administrator of your platform names people').waitFor();
  await goToNaming(admin.page);
  await at.go(analyst.page, `/trust/people/${holder}`);
  await analyst.page.getByText('An administrator of your platform names people.').waitFor();
  expect(await field(analyst.page).count()).toBe(0);
});

test('a name is refused as it is typed, at its field, for a mark that nobody sees', async () => {
  const { page } = admin;
  await field(page).fill(`Zephyrine\u202eQuill`);
  await page.locator('[data-field=name]').getByText('This holds an invisible mark').waitFor();
  await button(page, 'Save the name').click();
  await expect.poll(() => page.url()).toContain(holder);
  expect(await flawsInEachLook(page)).toEqual([]);
});

test('what was typed waits there for its author, and at no other person', async () => {
  const { page } = admin;
  await field(page).fill('Zephyr');
  await page.getByText('Your draft is kept').waitFor();
  await at.go(page, '/trust/people');
  const own = rowOf(page, await keyOf(page));
  await own.getByRole('link', { name: 'Name this person' }).click();
  await page.getByRole('heading', { name: 'Name a person' }).waitFor();
  expect(await field(page).inputValue()).toBe('');
  await goToNaming(page);
  expect(await field(page).inputValue()).toBe('Zephyr');
});

test('a name is saved with one sentence, and every colleague reads it where the person did something', async () => {
  const { page } = admin;
  await field(page).fill(name);
  await button(page, 'Save the name').click();
  await answered(page, new RegExp(`^Named: ${name}`));
  await page.getByRole('heading', { name: 'Keys and people' }).waitFor();
  await rowOf(page, await keyOf(analyst.page))
    .getByText(name)
    .waitFor();
  expect(await flawsInEachLook(page)).toEqual([]);
  await goToRecord(analyst.page);
  await analyst.page.locator('dd', { hasText: name }).waitFor();
  await at.go(analyst.page, '/trust/people');
  await analyst.page.getByText(`Your colleagues call you ${name}.`).waitFor();
  await analyst.page.getByRole('listitem').filter({ hasText: name }).waitFor();
  expect(await flawsInEachLook(analyst.page)).toEqual([]);
});

test('a name that another administrator changed meanwhile is shown before it is changed again', async () => {
  const second = await at.openDesk({ of: 'Tubely', role: 'trust', admin: true, label: 'Second' });
  await second.page.getByText('Inbox').first().waitFor();
  // The first opens the list, so that it is sealed to the second.
  await goToNaming(admin.page);
  await goToNaming(second.page);
  await field(second.page).fill(`${name} II`);
  await button(second.page, 'Save the name').click();
  await answered(second.page, new RegExp(`^Named: ${name} II`));
  await field(admin.page).fill(`${name} III`);
  await button(admin.page, 'Save the name').click();
  await admin.page.getByText('A colleague changed this meanwhile').first().waitFor();
  await admin.page.getByText(`Named ${name} II now.`).waitFor();
  await button(admin.page, 'Save the name').click();
  await answered(admin.page, new RegExp(`^Named: ${name} III`));
  expect(second.complaints).toEqual([]);
  await second.context.close();
});

test('who lost a browser or its passphrase is invited as themselves: another key, the same person', async () => {
  const again = await invited(new RegExp(`^${name} III, key`), 'Again');
  await at.go(admin.page, '/trust/people');
  const row = rowOf(admin.page, await keyOf(again.page));
  await row.getByText(`${name} III`).waitFor();
  await row.getByText(holder).waitFor();
  expect(again.complaints).toEqual([]);
  await again.context.close();
});

test('who joins later is told how the names open, and reads them while an administrator looks', async () => {
  const later = await joining();
  await at.go(later.page, '/trust/people');
  await later.page.getByText('The names are not open to you yet').waitFor();
  await later.page.getByText('Ask an administrator to open “Keys and people”').waitFor();
  await later.page.getByText('Name not open to you yet').first().waitFor();
  expect(await flawsInEachLook(later.page)).toEqual([]);
  await at.go(admin.page, '/trust/people');
  await admin.page.getByText(`${name} III`).first().waitFor();
  await later.page.getByText(`${name} III`).first().waitFor({ timeout: 90_000 });
  expect(later.complaints).toEqual([]);
});

test('a name is taken away with one sentence', async () => {
  await goToNaming(admin.page);
  await button(admin.page, 'Take the name away').click();
  await answered(admin.page, /^Taken away: the name of/);
  await rowOf(admin.page, await keyOf(analyst.page))
    .getByText('No name yet')
    .waitFor();
  expect(await admin.page.getByText(name).count()).toBe(1);
});

test('no name that was typed left a desk, or reached a table, in clear or as its bytes', async () => {
  const sent = [admin, analyst].flatMap((desk) => desk.sent.map(({ body }) => body));
  expect(sent.filter((body) => body?.includes('Quillfeather'))).toEqual([]);
  const { ownerDb } = at.database.handles();
  const { tables, read } = await findInTables(ownerDb, 'Quillfeather');
  expect(tables).toEqual([]);
  expect(read.characters).toBeGreaterThan(10_000);
  expect(read.tables).toBeGreaterThan(90);
});

test('nothing broke the policy or threw', () => {
  expect([...admin.complaints, ...analyst.complaints]).toEqual([]);
});
