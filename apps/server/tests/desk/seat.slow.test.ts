import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { axeFlaws } from '../browser/axe.ts';
import { DeskHome } from './desk-home.ts';
import type { Desk } from './open-desk.ts';
import { tick } from './tick.ts';

vi.setConfig({ testTimeout: 120_000 });

let at: DeskHome;
let operators: [Desk, Desk];
let reviewers: [Desk, Desk];

beforeAll(async () => {
  at = await DeskHome.start();
  const operator = { of: 'Operator', role: 'operator' } as const;
  const reviewer = { of: 'Review panel', role: 'reviewer' } as const;
  operators = [await at.openDesk(operator), await at.openDesk({ ...operator, nth: 1 })];
  reviewers = [await at.openDesk(reviewer), await at.openDesk({ ...reviewer, nth: 1 })];
}, 240_000);
afterAll(() => at?.close());

const press = (page: Page, name: string | RegExp): Promise<void> =>
  page.getByRole('button', { name }).click();
const signatures = (page: Page): Locator => page.getByLabel('Signatures of two sitting reviewers');
const codeOf = (page: Page, button: string): Promise<string> =>
  page.getByRole('button', { name: button }).locator('xpath=preceding-sibling::code').innerText();

/** The terms are read before they are signed. @returns the signature */
async function signBy({ page }: Desk, link: string): Promise<string> {
  await page.goto('about:blank');
  await page.goto(link);
  await page.getByRole('heading', { name: 'Sign for a new reviewer' }).waitFor();
  const facts = page.locator('dl.facts');
  await facts.getByText('German, Polish').waitFor();
  await facts.getByText('Tubely', { exact: true }).waitFor();
  await facts.getByText('Intimate', { exact: false }).waitFor();
  expect(await axeFlaws(page)).toEqual([]);
  await press(page, 'Sign for this reviewer');
  return await codeOf(page, 'Copy the signature');
}

/** Whoever sits, as everybody reads it. */
async function reviewersOfPanel(): Promise<{ holder: string; languages: string[] }[]> {
  const { body } = await at.server.get('/parties');
  return body.parties.find(({ kind }: { kind: string }) => kind === 'panel').reviewers;
}

test('two operators seat a reviewer for whom two others signed, and nobody types an id', async () => {
  const [{ page }, second] = operators;
  await at.go(page, '/operator/panel');
  await page.getByLabel('Languages').fill('de, pl');
  await tick(page.getByRole('checkbox', { name: 'Tubely' }));
  await tick(page.getByRole('checkbox', { name: /intimate/i }).first());
  await press(page, 'Make the invite');
  await press(page, 'Sign and propose');
  await page.getByText('Two sitting reviewers sign first.').waitFor();
  expect(await axeFlaws(page)).toEqual([]);
  const link = await codeOf(page, 'Copy the link');

  const one = await signBy(reviewers[0], link);
  const other = await signBy(reviewers[1], link);

  // Of one person twice: refused, and what was given stays to be mended.
  await signatures(page).fill(`${one}\n${one}`);
  await press(page, 'Sign and propose with these');
  await page.getByText('Somebody other than its author').first().waitFor();
  await page.reload();
  expect(await signatures(page).inputValue()).toBe(`${one}\n${one}`);
  expect(await page.getByRole('button', { name: 'Sign and propose', exact: true }).count()).toBe(0);
  await signatures(page).fill(`${one}\n${other}`);
  await press(page, 'Sign and propose with these');
  await page.getByText('Proposed. Another operator has to agree.').waitFor();

  await at.go(second.page, '/operator/proposals');
  await press(second.page, 'Sign as the second operator');
  await second.page.getByText(/^Done: /).waitFor();
  await press(page, 'Look again');
  const invite = await page.getByText(/#\/enrol\?invite=/).innerText();
  const newcomer = await at.profile();
  await newcomer.page.goto(invite);
  await newcomer.page.getByRole('heading', { name: /^(Your key|Queue)$/ }).waitFor();

  const seat = (await reviewersOfPanel()).find(({ languages }) => languages.includes('pl'));
  expect(seat).toMatchObject({ languages: ['de', 'pl'] });
  for (const desk of [...operators, ...reviewers]) expect(desk.complaints).toEqual([]);
});

test('two operators end the term of a reviewer whom they chose in the table', async () => {
  const [{ page }, second] = operators;
  const { holder } = at.server.party('Review panel', 'reviewer');
  const sits = async (): Promise<boolean> =>
    (await reviewersOfPanel()).some((one) => one.holder === holder);
  await at.go(page, '/operator/panel');
  await press(page, `End the term of ${holder}`);
  expect(await axeFlaws(page)).toEqual([]);
  await press(page, 'End the term of a reviewer');
  await page.getByText('Proposed. Another operator has to agree.').waitFor();
  expect(await sits()).toBe(true);
  await at.go(second.page, '/operator/proposals');
  await press(second.page, 'Sign as the second operator');
  await second.page.getByText(/^Done: /).waitFor();
  expect(await sits()).toBe(false);
});

test('a link that was cut says so, and signs nothing', async () => {
  const { page } = reviewers[0];
  await at.go(page, '/review/seat?terms=eyJpbnZpdGUiOiJ4In0');
  await page.getByText('This address has no terms of a seat.').waitFor();
  expect(await page.getByRole('button', { name: 'Sign for this reviewer' }).count()).toBe(0);
  expect(await axeFlaws(page)).toEqual([]);
});
