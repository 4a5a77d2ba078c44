import type { Dialog, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { axeFlaws } from '../browser/axe.ts';
import { DeskHome } from './desk-home.ts';
import { choose, typeInstant } from './keyboard.ts';
import type { Desk } from './open-desk.ts';
import { completeForm, daysBefore, prefilledForm } from './record-form.ts';
import { tick } from './tick.ts';

// What is typed at the form of a record: two browsers, the first with two tabs.
vi.setConfig({ testTimeout: 120_000 });

let at: DeskHome;
let desk: Desk;
let first: Page;
let second: Page;
let colleague: Desk;

beforeAll(async () => {
  at = await DeskHome.start();
  desk = await at.openDesk({ of: 'Tubely', role: 'trust', label: 'Tom' });
  first = desk.page;
  colleague = await at.openDesk({ of: 'Tubely', role: 'trust', label: 'Colleague' });
  second = await desk.context.newPage();
  await second.goto(`${at.server.url}/desk/`);
  await second.getByRole('heading', { name: 'Inbox' }).waitFor();
}, 240_000);
afterAll(() => at?.close());

const account = (page: Page) => page.getByRole('textbox', { name: 'Account of facts' });
const unfinished = (page: Page) => page.getByRole('region', { name: 'Unfinished records' });
const press = (page: Page, name: string): Promise<void> =>
  page.getByRole('button', { name, exact: true }).click();

/** Follows the menu, and waits for the page. */
async function byMenu(page: Page, name: string): Promise<void> {
  await page.getByRole('navigation').getByRole('link', { name }).click();
  await page.getByRole('heading', { level: 1, name }).waitFor();
}

async function newRecord(page: Page): Promise<void> {
  await byMenu(page, 'Inbox');
  await byMenu(page, 'New record');
  await account(page).waitFor();
}

async function lockAndUnlock(page: Page): Promise<void> {
  await press(page, 'Lock');
  await page.getByLabel('Passphrase').fill('sandbox-passphrase');
  await press(page, 'Unlock');
  await page.getByRole('heading', { level: 1, name: 'New record' }).waitFor();
}

const typedIn = (page: Page) => (): Promise<string> => account(page).inputValue();
/** As long as a busy machine may take. */
const patience = { timeout: 30_000 };

/** Loads the page anew. Whom the browser asks whether to leave stays, and tries again. */
async function reload(page: Page): Promise<void> {
  const stay = (dialog: Dialog): void => void dialog.dismiss();
  page.on('dialog', stay);
  const tried = (): Promise<boolean> =>
    page.reload({ timeout: 10_000 }).then(
      () => true,
      () => false,
    );
  while (!(await tried()));
  page.off('dialog', stay);
}

/** A machine so busy that a draft is sealed for three seconds. */
const sealSlowly = `{
  const { subtle } = crypto;
  const encrypt = subtle.encrypt.bind(subtle);
  subtle.encrypt = async (...how) => {
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    return encrypt(...how);
  };
}`;

describe('what was typed', () => {
  test('is there after the menu and Back, though one left at once', async () => {
    await newRecord(first);
    await account(first).fill('Left by the menu.');
    await byMenu(first, 'Inbox');
    await first.goBack();
    await expect.poll(typedIn(first), patience).toBe('Left by the menu.');
  });

  test('is there after a reload, though it came at once', async () => {
    await newRecord(first);
    await account(first).fill('Loaded anew.');
    await reload(first);
    await expect.poll(typedIn(first), patience).toBe('Loaded anew.');
  });

  test('is there after the lock, though it came at once', async () => {
    await newRecord(first);
    await account(first).fill('Locked away.');
    await lockAndUnlock(first);
    await expect.poll(typedIn(first), patience).toBe('Locked away.');
  });

  test('in a form that a link began is there after a reload', async () => {
    const link = prefilledForm({ email: 'linked@mail.example', now: new Date() });
    await first.goto(`${at.server.url}/desk/#${link}`);
    // A link within the desk loads nothing: the form before it stands there a moment more.
    await expect.poll(typedIn(first), patience).toMatch(/^Nine in ten/u);
    await account(first).fill('Typed into a form that a link began.');
    await reload(first);
    await expect.poll(typedIn(first), patience).toBe('Typed into a form that a link began.');
  });

  test('stands in a list of unfinished records, by whom it is about', async () => {
    await newRecord(first);
    await first.getByRole('textbox', { name: 'Identifier' }).fill('listed@mail.example');
    await account(first).fill('Found in the list.');
    await newRecord(first);
    await expect.poll(typedIn(first), patience).toBe('');
    await unfinished(first).getByRole('link', { name: 'listed@mail.example' }).click();
    await expect.poll(typedIn(first), patience).toBe('Found in the list.');
    expect(await axeFlaws(first)).toEqual([]);
  });

  test('is deleted from the list when somebody says so twice', async () => {
    await newRecord(first);
    const row = unfinished(first).getByRole('listitem').filter({ hasText: 'listed@mail.example' });
    await row.getByRole('button', { name: /^Delete/ }).click();
    await row.getByRole('button', { name: 'Keep it' }).click();
    await row.getByRole('button', { name: /^Delete/ }).click();
    await row.getByRole('button', { name: 'Yes, delete it' }).click();
    await row.waitFor({ state: 'detached' });
    await reload(first);
    await unfinished(first).waitFor();
    expect(await row.count()).toBe(0);
  });
});

describe('while the store is slow', () => {
  test('who comes back at once finds what was typed', async () => {
    await newRecord(first);
    await first.evaluate(sealSlowly);
    await account(first).fill('Sealed slowly.');
    await byMenu(first, 'Inbox');
    await first.goBack();
    await expect.poll(typedIn(first), patience).toBe('Sealed slowly.');
  });

  test('the browser asks before it leaves the page, and what was typed is there afterwards', async () => {
    await account(first).fill('Asked about.');
    const asked = first.waitForEvent('dialog');
    await reload(first);
    expect((await asked).type()).toBe('beforeunload');
    await expect.poll(typedIn(first), patience).toBe('Asked about.');
  });
});

describe('two tabs', () => {
  test('are two drafts, and another browser has neither', async () => {
    await newRecord(first);
    await account(first).fill('About Anna, in the first tab.');
    await newRecord(second);
    await expect.poll(typedIn(second), patience).toBe('');
    await account(second).fill('About Bruno, in the second tab.');
    await newRecord(colleague.page);
    await expect.poll(typedIn(colleague.page), patience).toBe('');
    expect(await unfinished(colleague.page).count()).toBe(0);
    await reload(first);
    await reload(second);
    await expect.poll(typedIn(first), patience).toBe('About Anna, in the first tab.');
    await expect.poll(typedIn(second), patience).toBe('About Bruno, in the second tab.');
  });

  test('that open one draft both show what is typed in one', async () => {
    await second.goto(first.url());
    await expect.poll(typedIn(second), patience).toBe('About Anna, in the first tab.');
    await account(first).fill('Typed in one.');
    await expect.poll(typedIn(second), patience).toBe('Typed in one.');
  });
});

describe('a record that was sent', () => {
  /** As an analyst does, without a link. */
  async function typeAll(page: Page, email: string): Promise<void> {
    const now = new Date();
    await tick(page.getByRole('radio', { name: /^Payout fraud/ }));
    await page.getByRole('textbox', { name: 'Identifier' }).fill(email);
    await typeInstant(page, 'The incident began', daysBefore(now, 20));
    await typeInstant(page, 'The incident ended', daysBefore(now, 10));
    await typeInstant(page, 'A person of your team decided', daysBefore(now, 5));
    await choose(page, 'What you did on your own service', /^Monetisation ended/);
    await account(page).fill('All of Anna.');
    await completeForm(page, now, 'view,device\n1,rented-7\n');
  }
  const ticked = (page: Page): Promise<number> =>
    page.getByRole('checkbox', { checked: true }).count();
  const isForgotten = async (page: Page): Promise<void> => {
    await expect.poll(typedIn(page), patience).toBe('');
    expect(await page.getByRole('textbox', { name: 'Identifier' }).first().inputValue()).toBe('');
    expect(await ticked(page)).toBe(0);
    expect(await page.getByText('anna.all@mail.example').count()).toBe(0);
  };

  test('was never kept with its attestations, and is forgotten by every screen of every tab', async () => {
    await newRecord(first);
    await typeAll(first, 'anna.all@mail.example');
    expect(await ticked(first)).toBe(2);
    await lockAndUnlock(first);
    await expect.poll(typedIn(first), patience).toBe('All of Anna.');
    expect(await ticked(first)).toBe(0);
    await second.goto(first.url());
    await expect.poll(typedIn(second), patience).toBe('All of Anna.');

    await completeForm(first, new Date(), 'view,device\n1,rented-7\n');
    await press(first, 'Sign and record');
    await first
      .getByRole('heading', { name: 'Notice to the creator' })
      .waitFor({ timeout: 60_000 });
    await second.getByText('This draft was sent or deleted').waitFor();
    expect(await second.getByText('All of Anna.').count()).toBe(0);
    await reload(second);
    await isForgotten(second);

    await newRecord(first);
    await isForgotten(first);
    await reload(first);
    await isForgotten(first);
    await lockAndUnlock(first);
    await isForgotten(first);
    await newRecord(second);
    await isForgotten(second);
  });
});

test('no page broke its policy or threw', () => {
  expect([...desk.complaints, ...colleague.complaints]).toEqual([]);
});
