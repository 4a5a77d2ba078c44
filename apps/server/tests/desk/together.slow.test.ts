import { readFile } from 'node:fs/promises';
import type { Locator, Page } from 'playwright-core';
import type { Recourse } from '@recourse/sdk';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { axeFlaws } from '../browser/axe.ts';
import { advance } from '../sample-case.ts';
import { DeskHome } from './desk-home.ts';
import { choose } from './keyboard.ts';
import { platformOf } from './members.ts';
import type { Desk } from './open-desk.ts';
import { phishing, recordAndTell } from './records.ts';
import { csvOf, importTable } from './screens.ts';
import { tick } from './tick.ts';

vi.setConfig({ testTimeout: 120_000 });

const imported = 8;
const told = [0, 1, 2].map((at) => `told.${at}@mail.example`);

let at: DeskHome;
let desk: Desk;
let page: Page;
let tubely: Recourse;

/** Tubely owes outcomes, recalls, notices of an import and of a program, and two drafts of a program. */
beforeAll(async () => {
  at = await DeskHome.start();
  const harbour = await platformOf(at.server, 'Harbour');
  tubely = await platformOf(at.server, 'Tubely');
  const records = [];
  for (const email of told) records.push(await recordAndTell(harbour, email));
  // Whether the samples still owe a notice after a week turns on the weekday.
  await withdrawHeldSamples();
  const now = new Date(Date.now() + (await advance(at.server, 7 * 86_400)) * 1000);
  for (const [nth, email] of told.entries()) {
    await tubely.check(
      { email },
      { purpose: 'signup', provenAt: now, ref: `person-of-2026-00000${nth}` },
    );
  }
  for (const { sanction } of records.slice(1))
    await harbour.sanctions.withdraw({ sanction, cause: 'error' });
  await tubely.sanctions.submit(
    phishing('by.a.program@mail.example', now, { ref: 'house-case-by-a-program' }),
  );
  for (const one of ['a', 'b']) {
    await tubely.sanctions.draft(
      phishing(`${one}.draft@mail.example`, now, { ref: `house-case-draft-${one}` }),
    );
  }
  desk = await at.openDesk({ of: 'Tubely', role: 'trust', admin: true });
  page = desk.page;
  await at.go(page, '/trust/import');
  await importTable(page, 'export.csv', csvOf({ good: imported, bad: 0, now }));
  for (const box of await page.getByRole('checkbox').all()) await tick(box);
  await press(`Sign and record ${imported} of ${imported} rows`);
  await page.getByText(`${imported} rows are recorded`).waitFor();
}, 300_000);
afterAll(() => at?.close());
beforeEach(() => at.go(page, '/trust/inbox'));

const button = (name: string | RegExp): Locator => page.getByRole('button', { name });
const press = (name: string | RegExp): Promise<void> => button(name).click();
const answer = (): Locator => page.locator('main > [role=status]');
const chosen = (): Locator => page.locator('.chosen li');

async function withdrawHeldSamples(): Promise<void> {
  const { sanctions } = (await tubely.call('sanctions.list', { state: 'held' })).result;
  for (const { sanction } of sanctions)
    await tubely.sanctions.withdraw({ sanction, cause: 'error' });
}

test('the notices of an import are sent by one act, and what cannot be written to says why', async () => {
  await press(`Choose ${imported + 1} notices`);
  await page.getByText(`${imported + 1} rows chosen`).waitFor();
  await press(`Tell the creators (${imported + 1})`);
  const send = button(`Have the registry write to ${imported + 1} creators`);
  await send.waitFor();
  expect(await chosen().count()).toBe(imported + 1);
  // The language is part of what is signed: nothing is chosen before.
  expect(await send.isDisabled()).toBe(true);
  expect(await axeFlaws(page)).toEqual([]);
  await choose(page, 'Language of these creators', 'German');
  await send.click();
  await answer().getByText(`Done: ${imported} creators are written to`).waitFor();
  await chosen()
    .filter({ hasText: 'house-case-by-a-program' })
    .getByText('No address that this')
    .waitFor();
  const { body } = await at.server.get('/sandbox/outbox');
  const mails = (body.mails as { to: string }[]).filter(({ to }) => to.startsWith('import.'));
  await expect.poll(() => new Set(mails.map(({ to }) => to)).size).toBe(imported);
  const saving = page.waitForEvent('download');
  await press('Export what is left, with why');
  const left = (await readFile(await (await saving).path(), 'utf8')).trim().split('\n');
  expect(left).toHaveLength(2);
  expect(left[1]).toContain('house-case-by-a-program');
  expect(left[1]).toContain('No address');
  // Whoever tries again tries what is left.
  await button('Have the registry write to 1 creator').waitFor();
});

test('recalls are settled together by an action that fits all of them, and nothing is preselected', async () => {
  await press('Choose 2 recalls');
  await press('Acknowledge (2)');
  const sign = button('Sign and acknowledge 2 recalls');
  await tick(page.getByRole('radio', { name: 'Undone' }));
  expect(await sign.isDisabled()).toBe(true);
  expect(await page.getByRole('radio', { name: /own grounds/ }).count()).toBe(0);
  await tick(page.getByRole('radio', { name: 'Deleted' }));
  await sign.click();
  await answer().getByText('Done: 2 recalls are settled').waitFor();
  const { recalls } = (await tubely.call('recalls.list', { all: true })).result;
  expect(recalls.map(({ acknowledged }) => acknowledged?.action)).toEqual(['undone', 'undone']);
});

test('an outcome that burdens somebody is not reported of many at once', async () => {
  const { owed } = (await tubely.call('checks.owed', {})).result;
  await press(`Choose ${owed.length} outcomes`);
  await press(`Report the outcomes (${owed.length})`);
  const options = page.getByRole('radio');
  await options.first().waitFor();
  expect(await options.count()).toBe(2);
  await tick(page.getByRole('radio', { name: 'Admitted' }));
  await press(`Report the outcome of ${owed.length} matches`);
  await answer().getByText(`Done: ${owed.length} outcomes are reported`).waitFor();
  expect((await tubely.call('checks.owed', {})).result.owed).toEqual([]);
});

test('drafts that a program made are confirmed together by whoever has seen their evidence', async () => {
  await tick(page.getByRole('checkbox', { name: /^Draft, house-case-draft-a/ }));
  await page.getByText('1 row chosen').waitFor();
  // Another row by the keyboard: x chooses the row of the action that has the focus.
  await page
    .getByRole('row', { name: /draft-b/ })
    .getByRole('link')
    .focus();
  await page.keyboard.press('x');
  await page.getByText('2 rows chosen').waitFor();
  await press('Confirm (2)');
  const confirm = button('Confirm 2 drafts');
  expect(await confirm.isDisabled()).toBe(true);
  await tick(page.getByRole('checkbox', { name: 'I read it, and have seen the evidence' }));
  await confirm.click();
  await answer().getByText('Done: 2 drafts are records now').waitFor();
  const { sanctions } = (await tubely.call('sanctions.list', { state: 'draft' })).result;
  expect(sanctions).toEqual([]);
});

test('rows are exported without an identifier', async () => {
  await tick(page.getByRole('checkbox', { name: 'All rows shown' }));
  const rows = await page.locator('[data-row]').count();
  expect(rows).toBeGreaterThan(0);
  const saving = page.waitForEvent('download');
  await press('Export');
  const lines = (await readFile(await (await saving).path(), 'utf8')).trim().split('\n');
  expect(lines).toHaveLength(1 + rows);
  expect(lines.join()).not.toContain('@');
  await press('Choose none');
  expect(await page.getByText('rows chosen').count()).toBe(0);
  expect(desk.complaints).toEqual([]);
});
