import type { Locator, Page, Request } from 'playwright-core';
import type { Recourse } from '@recourse/sdk';
import { newCaseKey } from '@recourse/sdk/case';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { axeFlaws } from '../browser/axe.ts';
import { advance } from '../sample-case.ts';
import { DeskHome } from './desk-home.ts';
import { caseCodeFor, creatorsOf, platformOf } from './members.ts';
import type { Desk } from './open-desk.ts';
import { completeForm, prefilledForm } from './record-form.ts';
import { phishing, recordAndTell } from './records.ts';

vi.setConfig({ testTimeout: 120_000 });

let at: DeskHome;
let author: Desk;
let page: Page;
let harbour: Recourse;
let tubely: Recourse;

const email = 'of.the.form@mail.example';
const ref = 'house-case-2026-000417';
const personRef = 'person-of-2026-000099';

/** Tubely owes a notice, a draft, evidence, an answer, an outcome and a recall, and its browser made one record. */
beforeAll(async () => {
  at = await DeskHome.start();
  harbour = await platformOf(at.server, 'Harbour');
  tubely = await platformOf(at.server, 'Tubely');
  const marketo = await platformOf(at.server, 'Marketo');
  const { sanction: wrong } = await recordAndTell(harbour, 'not.them@mail.example');
  author = await at.openDesk({ of: 'Tubely', role: 'trust' });
  page = author.page;
  await recordByForm();
  const offset = await advance(at.server, 7 * 86_400);
  const now = new Date(Date.now() + offset * 1000);
  const signup = { purpose: 'signup', provenAt: now } as const;
  await tubely.check({ email: 'not.them@mail.example' }, { ...signup, ref: personRef });
  await tubely.check({ email: 'best.deals@mail.example' }, signup);
  const { matches } = await marketo.check({ email }, { purpose: 'monetisation' });
  await marketo.matches.ask({ match: matches[0]!.match, asks: 'accounts-linked' });
  await harbour.sanctions.withdraw({ sanction: wrong, cause: 'error' });
  await tubely.sanctions.draft(
    phishing('drafted@mail.example', now, { ref: 'a-draft-of-the-house' }),
  );
  await tubely.sanctions.submit(phishing('by.a.program@mail.example', now));
  await appeal();
}, 300_000);
afterAll(() => at?.close());

async function recordByForm(): Promise<void> {
  const now = new Date();
  await at.go(page, prefilledForm({ email, now, ref }));
  await page.getByRole('heading', { name: 'What the creator will read' }).waitFor();
  await completeForm(page, now, 'view,device\n1,rented\n');
  await page.getByRole('button', { name: 'Sign and record' }).click();
  await page.getByRole('button', { name: 'Have the registry write' }).click();
  await page.getByText('Nothing is owed').waitFor();
}

async function appeal(): Promise<void> {
  const cases = creatorsOf(at.server);
  const key = newCaseKey();
  await cases.claim({ code: await caseCodeFor(at.server, email), newKey: key });
  const words = { key, ground: 'facts-wrong', words: 'It was a school.', language: 'en' } as const;
  await cases.call('appeal', words);
}

const row = (...texts: readonly (string | RegExp)[]): Locator =>
  texts.reduce((rows, hasText) => rows.filter({ hasText }), page.locator('[data-row]'));

test('every row of the inbox says whom it concerns, and none is like another', async () => {
  await at.go(page, '/trust/inbox');
  await row('Appeal: the facts are wrong', ref, 'Payout fraud', email).waitFor();
  await row('Question: accounts linked?', ref, 'Payout fraud', email).waitFor();
  await row('Draft', 'a-draft-of-the-house', 'identifiers not shared with you').waitFor();
  await row('Notice to the creator', 'Phishing', 'identifiers not shared with you').waitFor();
  await row('Recall: undo', personRef, 'checked at signup on').waitFor();
  await row('The outcome of a match', 'a person checked at signup on', 'match 2 of 2').waitFor();
  const texts = await page.locator('[data-row]').allInnerTexts();
  expect(new Set(texts).size).toBe(texts.length);
  expect(texts.join()).not.toMatch(/\b(?:snc|mat|rcl|apl|qst)_/);
  expect(await axeFlaws(page)).toEqual([]);
});

test('an identifier that somebody looks for stays in the browser, and a case id finds its record', async () => {
  const sent: string[] = [];
  const read = (request: Request): void => {
    const parts = (request.postData() ?? '').split('.');
    sent.push(...parts.map((part) => Buffer.from(part, 'base64url').toString()));
  };
  page.on('request', read);
  await at.go(page, '/trust/records');
  const find = async (text: string): Promise<void> => {
    await page.getByRole('textbox', { name: 'Reference, record id or identifier' }).fill(text);
    await page.getByRole('button', { name: 'Find' }).click();
  };
  for (const text of ['looked-for.example', 'NL91ABNA0417164300']) {
    await find(text);
    await page.getByText('No record of yours fits.').waitFor();
    expect(sent.join()).not.toContain(text);
  }
  await find('a-draft-of-the-house');
  await row('a-draft-of-the-house').waitFor();
  expect(sent.join()).toContain('a-draft-of-the-house');
  page.off('request', read);
});

test.each([
  ['records', [ref, 'Payout fraud', email]],
  ['appeals', [ref, 'Payout fraud', email, 'Appeal: the facts are wrong']],
  ['inquiries', [ref, 'Payout fraud', email, 'Accounts linked?']],
  ['drafts', ['a-draft-of-the-house', 'Phishing', 'identifiers not shared with you']],
  ['recalls', [personRef, 'checked at signup on', 'Undo']],
  ['matches', ['a person checked at signup on']],
])('a row of %s says whom it concerns, and leads to a head that does', async (list, texts) => {
  await at.go(page, `/trust/${list}`);
  const found = row(...texts);
  await found.first().waitFor();
  await found.first().getByRole('link').first().click();
  await page.locator('main .whom', { hasText: texts[0]! }).first().waitFor();
  expect(await page.locator('h1 + p code, h1 + div code').count()).toBe(0);
});

test('a colleague with whom the journal is shared reads the identifier, too', async () => {
  const colleague = await at.openDesk({ of: 'Tubely', role: 'trust', label: 'Colleague' });
  const theirs = colleague.page.locator('[data-row]').filter({ hasText: ref }).first();
  const identifier = theirs.locator('.whom .soft');
  await at.go(page, '/trust/appeals');
  const path = await row(ref).getByRole('link').first().getAttribute('href');
  const read = async (): Promise<string> => {
    // Its author opens what the appeal needs: from then on it is sealed to both.
    await at.go(page, path?.split('#').at(-1) ?? '');
    await page.getByText('✓ Fits').waitFor();
    await at.go(colleague.page, '/trust/inbox');
    await identifier.filter({ hasNotText: '…' }).waitFor();
    return identifier.innerText();
  };
  await expect.poll(read, { timeout: 60_000 }).toBe(email);
  expect(colleague.complaints).toEqual([]);
  await colleague.context.close();
});

test('nothing broke the policy or threw', () => {
  expect(author.complaints).toEqual([]);
});
