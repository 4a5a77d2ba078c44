import type { Page } from 'playwright-core';
import type { Recourse } from '@recourse/sdk';
import { ops } from '@recourse/protocol';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { DeskHome } from './desk-home.ts';
import { choose, typeInstant } from './keyboard.ts';
import { platformOf } from './members.ts';
import { completeForm, daysBefore, prefilledForm } from './record-form.ts';
import { phishing } from './records.ts';
import { tick } from './tick.ts';

vi.setConfig({ testTimeout: 120_000 });

let at: DeskHome;
let page: Page;
let marketo: Recourse;

beforeAll(async () => {
  at = await DeskHome.start();
  marketo = await platformOf(at.server, 'Marketo');
  ({ page } = await at.openDesk({ of: 'Marketo', role: 'trust', admin: true }));
}, 240_000);
afterAll(() => at?.close());

const go = (path: string): Promise<void> => at.go(page, path);
const press = (name: string | RegExp): Promise<void> =>
  page.getByRole('button', { name, exact: true }).first().click();
const problem = () => page.getByRole('alert');

/** What is read out, without a member, a code or an operation in it. */
async function saidOf(): Promise<string> {
  const said = await problem().innerText();
  expect(said).not.toMatch(/[a-z]_[a-z]|[a-z][A-Z]|\b[a-z]+\.\d|\bepoch\b|\bjti\b/);
  for (const op of Object.keys(ops)) expect(said).not.toContain(op);
  return said;
}

test('an empty record says everything that is missing at once, each with a link to its field', async () => {
  await go('/trust/new');
  await page.getByRole('heading', { name: '4. Facts' }).waitFor();
  await press('Sign and record');
  expect(await saidOf()).toContain('10 things are missing.');
  const links = problem().getByRole('link');
  expect(await links.count()).toBe(10);
  await problem().getByRole('link', { name: 'Account of facts: Write what was done' }).click();
  const account = page.getByLabel('Account of facts');
  expect(await account.evaluate((field) => field.matches(':focus'))).toBe(true);
  await account.fill('Sold a course that does not exist.');
  await problem().getByText('9 things are missing.').waitFor();
  expect(await page.getByText('Write what was done').count()).toBe(0);
  await tick(page.getByRole('radio', { name: 'Adult' }));
  await problem().getByText('8 things are missing.').waitFor();
});

test('what the registry refuses of a record stands at its field, and is gone when that changes', async () => {
  const now = new Date();
  await go(prefilledForm({ email: 'refused@mail.example', now, ref: 'refused.example' }));
  await page.getByRole('heading', { name: '4. Facts' }).waitFor();
  await completeForm(page, now, 'views,1');
  await press('Sign and record');
  const said = await saidOf();
  expect(said).toMatch(/Your own case id: /);
  const field = page.locator('[data-field=ref]');
  expect(await field.locator('.react-aria-FieldError').innerText()).not.toBe('');
  await page.getByLabel('Your own case id').fill('case-0000000000001');
  await problem().waitFor({ state: 'detached' });
  expect(await field.locator('.react-aria-FieldError').count()).toBe(0);
});

test('an address in the account of facts is marked as it is typed, and named in what stands above', async () => {
  await go('/trust/new');
  const account = page.getByLabel('Account of facts');
  await account.fill('Wrote to forty people as best.deals@mail.example and sold nothing.');
  const field = page.locator('[data-field=account]');
  const marked = 'Take out “best.deals@mail.example”: an address belongs to the identifiers';
  await field.getByText(marked).waitFor();
  await press('Sign and record');
  expect(await saidOf()).toContain(marked);
  await account.fill('Wrote to forty people and sold nothing.');
  await page.getByText('Take out').first().waitFor({ state: 'detached' });
});

test('a check whose case id has a form that none has says so at that id, and nothing of a person', async () => {
  await go('/trust/check');
  await choose(page, 'Purpose', 'Monetisation');
  await page.getByRole('textbox', { name: 'Identifier' }).fill('asked@mail.example');
  await page.getByRole('textbox', { name: 'Your own case id' }).fill('ann@mail.example');
  await press('Check');
  expect(await saidOf()).toMatch(/^Something here is not right yet\.[^]*Your own case id: /);
  expect(await page.locator('[data-field=ref] .react-aria-FieldError').count()).toBe(1);
});

test('a notice to an address that the record does not have is refused at the addresses', async () => {
  const { sanction } = await marketo.sanctions.submit(phishing('written@mail.example', new Date()));
  await go(`/trust/notice/${sanction}`);
  await page.getByLabel('Email addresses and phone numbers').fill('other@mail.example');
  await press('Have the registry write');
  const said = await saidOf();
  expect(said).toContain('Email addresses and phone numbers of the record: ');
  await page.getByLabel('Email addresses and phone numbers').fill('written@mail.example');
  await problem().waitFor({ state: 'detached' });
});

test('a notice that was stated for a day before the record says so at its day', async () => {
  const { sanction } = await marketo.sanctions.submit(phishing('stated@mail.example', new Date()));
  await go(`/trust/notice/${sanction}`);
  await choose(page, 'How', 'Email');
  await typeInstant(page, 'When', daysBefore(new Date(), 3));
  await press('State that you told them');
  expect(await saidOf()).not.toBe('');
});
