import type { Locator, Page } from 'playwright-core';
import type { Recourse } from '@recourse/sdk';
import { newCaseKey } from '@recourse/sdk/case';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { axeFlaws } from '../browser/axe.ts';
import { advance } from '../sample-case.ts';
import { DeskHome } from './desk-home.ts';
import { choose, typeInstant } from './keyboard.ts';
import { caseCodeFor, creatorsOf, platformOf, reviewerOf } from './members.ts';
import type { Desk } from './open-desk.ts';
import { completeForm, daysBefore, prefilledForm } from './record-form.ts';
import { phishing, recordAndTell } from './records.ts';
import { tick } from './tick.ts';

vi.setConfig({ testTimeout: 120_000 });

let at: DeskHome;
let desk: Desk;
let page: Page;
let harbour: Recourse;
let tubely: Recourse;

beforeAll(async () => {
  at = await DeskHome.start();
  harbour = await platformOf(at.server, 'Harbour');
  tubely = await platformOf(at.server, 'Tubely');
  desk = await at.openDesk({ of: 'Tubely', role: 'trust', admin: true });
  page = desk.page;
}, 240_000);
afterAll(() => at?.close());

const go = (path: string): Promise<void> => at.go(page, path);
const button = (name: string | RegExp): Locator => page.getByRole('button', { name });
/** The green sentence, which is the only one. */
const answered = (text: RegExp): Promise<void> =>
  page.locator('main > [role=status]').getByText(text).waitFor();
/** What waits in a list, as the navigation counts it. */
const waiting = (list: string): Promise<string | null> =>
  page
    .getByRole('navigation')
    .getByRole('link', { name: new RegExp(`^${list}`) })
    .textContent();

test('a notice is sent once: the answer says about whom, and its form is gone', async () => {
  const { sanction } = await tubely.sanctions.submit(phishing('a.notice@mail.example', new Date()));
  await go(`/trust/notice/${sanction}`);
  await page.getByRole('textbox', { name: /^Email addresses/ }).fill('a.notice@mail.example');
  await button('Have the registry write').click();
  await answered(/^Sent: the registry writes 1 message about “Phishing/);
  expect(await button('Have the registry write').count()).toBe(0);
  expect(await axeFlaws(page)).toEqual([]);
});

test('a notice of the own product is stated, and the answer says from when the record answers', async () => {
  const now = new Date();
  const domain = { value: 'shop-of-phish.com', provenAt: daysBefore(now, 20) };
  const creator = { domain: { ...domain, control: 'dns' as const } };
  const { sanction } = await tubely.sanctions.submit(phishing('', now, { creator }));
  await go(`/trust/notice/${sanction}`);
  await choose(page, 'How', 'Letter');
  await button('State that you told them').click();
  await answered(/^Stated: you told the creator of “Phishing.* It answers checks from/);
  expect(await button('State that you told them').count()).toBe(0);
});

/** Records by the form, so that this browser has the evidence. */
async function recordByForm(email: string): Promise<void> {
  const now = new Date();
  await go(prefilledForm({ email, now }));
  await page.getByRole('heading', { name: 'What the creator will read' }).waitFor();
  await completeForm(page, now, 'view,device\n1,rented\n');
  await button('Sign and record').click();
  await answered(/^Recorded: “.*Tell the creator by/);
  await button('Have the registry write').click();
  await page.getByText('Nothing is owed').waitFor();
}

/** A creator appeals, and a reviewer has a key that evidence is sealed to. */
async function appealBy(email: string): Promise<string> {
  const cases = creatorsOf(at.server);
  const key = newCaseKey();
  await cases.claim({ code: await caseCodeFor(at.server, email), newKey: key });
  const words = { key, ground: 'facts-wrong', words: 'It was a school.', language: 'en' } as const;
  const { appeal } = (await cases.call('appeal', words)).result;
  await (await reviewerOf(at.server)).review.take();
  return appeal;
}

test('evidence is delivered, a record is defended and then conceded, each with its answer', async () => {
  const email = 'an.appeal@mail.example';
  await recordByForm(email);
  await go(`/trust/appeals/${await appealBy(email)}`);
  await page.getByText('✓ Fits').waitFor();
  expect(await waiting('Appeals')).toBe('Appeals1');
  await button('Seal and deliver 1 of 1').click();
  await answered(/^Delivered: 1 item for “.*Nothing is missing/);
  expect(await button(/^Seal and deliver/).count()).toBe(0);
  await page.getByRole('textbox', { name: 'Why it is right' }).fill('The devices were rented.');
  await button('Stand').click();
  await answered(/^Sent: you stand by “/);
  expect(await page.getByRole('textbox', { name: 'Why it is right' }).count()).toBe(0);
  await choose(page, 'Why', 'Error');
  await button('Sign and concede').click();
  await answered(/^Conceded: “.*No platform was told/);
  expect(await button('Sign and concede').count()).toBe(0);
  expect(await waiting('Appeals')).toBe('Appeals');
});

test('a submitter is asked, and an outcome reported, under the name of who recorded it', async () => {
  await advance(at.server, 60);
  await go('/trust/check');
  await page.getByRole('textbox', { name: 'Identifier' }).fill('best.deals@mail.example');
  await button('Check').click();
  const found = page.locator('section.panel', { hasText: 'Harbour signed:' });
  await found.getByRole('button', { name: /Ask the submitter$/ }).click();
  await page.getByRole('option', { name: 'Accounts linked?' }).click();
  await found.getByRole('button', { name: 'Ask', exact: true }).click();
  await answered(/^Asked: Harbour has until/);
  await found.getByText('You asked: accounts linked?').waitFor();
  await tick(found.getByRole('radio', { name: 'Admitted', exact: true }));
  await found.getByRole('button', { name: 'Report the outcome' }).click();
  await answered(/^Reported: “.*” of Harbour, “admitted”/);
  await found.getByText('Your outcome: admitted.').waitFor();
  expect(await found.getByRole('button', { name: 'Report the outcome' }).count()).toBe(0);
});

test('a recall is settled under the own reference, and the navigation counts it no more', async () => {
  const email = 'not.them@mail.example';
  const ref = 'house-case-2026-000417';
  const { sanction } = await recordAndTell(harbour, email);
  const offset = await advance(at.server, 7 * 86_400);
  const provenAt = new Date(Date.now() + offset * 1000);
  await tubely.check({ email }, { purpose: 'signup', provenAt, ref });
  await harbour.sanctions.withdraw({ sanction, cause: 'error' });
  const { recalls } = await tubely.recalls.list({});
  await go(`/trust/recalls/${recalls[0]?.recall ?? ''}`);
  await page.locator('.whom', { hasText: ref }).waitFor();
  await expect.poll(() => waiting('Recalls')).toBe('Recalls1');
  await page.getByRole('radio', { name: 'Undone' }).waitFor();
  expect(await page.getByRole('radio', { checked: true }).count()).toBe(0);
  await tick(page.getByRole('radio', { name: 'Undone' }));
  expect(await button('Sign and acknowledge').isDisabled()).toBe(true);
  await tick(page.getByRole('radio', { name: 'Deleted' }));
  await button('Sign and acknowledge').click();
  await answered(/^Answered: the recall about house-case-2026-000417 is settled, “undone”/);
  expect(await button('Sign and acknowledge').count()).toBe(0);
  expect(await waiting('Recalls')).toBe('Recalls');
});

test('a colleague is invited, their key is added and revoked, and each answer names the key', async () => {
  await go('/trust/people');
  await choose(page, 'Whom', 'Somebody new');
  await button('Make an invite').click();
  await answered(/^Made: an invite for a member, trust. Hand its link to that person by/);
  const link = (await page.locator('section code').textContent()) ?? '';
  expect(await button('Make an invite').count()).toBe(0);
  const invite = new URLSearchParams(link.split('?')[1]).get('invite') ?? '';
  const colleague = await at.openBy(`${invite}&name=Colleague`, async () => {
    await button('It is the same: add it').click();
    await answered(/^Added: the key .{5} .{5} .{5} .{5} signs for your party from/);
    expect(await button('It is the same: add it').count()).toBe(0);
  });
  await colleague.page
    .getByRole('navigation')
    .getByRole('link', { name: 'Keys and people' })
    .click();
  const own = colleague.page.locator('span', { hasText: 'Your key is' }).locator('code').first();
  const key = (await own.textContent()) ?? '';
  await page
    .locator('tr', { hasText: key })
    .getByRole('button', { name: 'Revoke', exact: true })
    .click();
  // Why is signed: nothing is chosen before, and what a stolen key signed is said with its number.
  const revoke = button('Revoke it');
  expect(await revoke.isDisabled()).toBe(true);
  await tick(page.getByRole('radio', { name: /^It was lost or stolen/ }));
  expect(await revoke.isDisabled()).toBe(true);
  await typeInstant(page, 'Since when somebody else may have had it', daysBefore(new Date(), 2));
  await page.getByText('It signed no live record since then.').waitFor();
  expect(await axeFlaws(page)).toEqual([]);
  await tick(page.getByRole('radio', { name: /^Nobody uses it any more/ }));
  await revoke.click();
  await answered(new RegExp(`^Revoked: the key ${key} signs nothing any more`));
  await page.locator('tr', { hasText: key }).getByText('Revoked').waitFor();
  expect(colleague.complaints).toEqual([]);
  await colleague.context.close();
});

test('nothing broke the policy or threw', () => {
  expect(desk.complaints).toEqual([]);
});
