import { newCaseKey } from '@recourse/sdk/case';
import { readFileSync, writeFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { advance } from '../sample-case.ts';
import { DeskHome } from './desk-home.ts';
import { KeyboardOnly } from './keyboard.ts';
import { caseCodeFor, creatorsOf, reviewerOf } from './members.ts';
import type { Desk } from './open-desk.ts';
import { daysBefore, prefilledForm } from './record-form.ts';
import { ReviewStory } from './review-story.ts';

vi.setConfig({ testTimeout: 120_000 });

/** Of tasks, keys and stops, as this test found them: `RECOURSE_WRITE=1` writes it anew. */
const keysPage = new URL('../../../../docs/desk/keyboard.md', import.meta.url);
/** Beside the text of any task */
const mostKeys = 60;
const tasks: { title: string; keys: number; stops: readonly string[] }[] = [];

const email = 'by.keyboard@mail.example';

let at: DeskHome;
let harbour: Desk;
let tubely: Desk;
let operator: Desk;
let reviewer: Desk;
let story: ReviewStory;

beforeAll(async () => {
  at = await DeskHome.start();
  story = await ReviewStory.begin(at);
  harbour = await at.openDesk({ of: 'Harbour', role: 'trust' });
  tubely = await at.openDesk({ of: 'Tubely', role: 'trust' });
  operator = await at.openDesk({ of: 'Operator', role: 'operator' });
  reviewer = await at.openDesk({ of: 'Review panel', role: 'reviewer' });
}, 240_000);
afterAll(() => at?.close());

/** Goes to a screen, where the focus is nowhere yet. */
async function arrive({ page }: Desk, path: string): Promise<KeyboardOnly> {
  await at.go(page, path);
  await page.getByText('Loading', { exact: true }).first().waitFor({ state: 'detached' });
  return new KeyboardOnly(page);
}

function done(title: string, { keys, stops }: KeyboardOnly): number {
  tasks.push({ title, keys, stops });
  return keys;
}

const answerFiles = (page: Page, name: string, text: string): void => {
  page.once('filechooser', (chooser) => {
    void chooser.setFiles({ name, mimeType: 'text/csv', buffer: Buffer.from(text) });
  });
};

/** The record of the first test gets its notice, its appeal and its reviewer. */
async function tellAndAppeal(): Promise<void> {
  await harbour.page.getByRole('button', { name: 'Have the registry write' }).click();
  await harbour.page.getByText('Nothing is owed').waitFor({ timeout: 60_000 });
  const cases = creatorsOf(at.server);
  const key = newCaseKey();
  await cases.claim({ code: await caseCodeFor(at.server, email), newKey: key });
  const words = 'The devices are those of a school.';
  await cases.call('appeal', { key, ground: 'facts-wrong', words, language: 'en' });
  await (await reviewerOf(at.server)).review.take();
}

function pageOf(): string {
  const rows = tasks.map(({ title, keys }) => `| ${title} | ${keys} |`);
  const stops = tasks.flatMap(({ title, stops: names }) => [
    '',
    `## ${title}`,
    '',
    ...names.map((name, at) => `${at + 1}. ${name}`),
  ]);
  return [
    '# The desks by keyboard',
    '',
    'Every task can be done without a mouse. The table counts the keys beside the text that somebody types:',
    '`keyboard.slow.test.ts` of `apps/server/tests/desk` presses them, and fails where this page says otherwise.',
    '',
    '| task | keys |',
    '| --- | --- |',
    ...rows,
    '',
    'Tab moves on, Shift and Tab back. Space chooses and ticks, Enter presses. The first Tab of a page offers to skip the',
    'navigation. In the inbox `j` and `k` move between actions, Enter or `e` opens one, and `x` chooses its row. Escape',
    'closes a list or a question. Where the page has changed, the focus goes to what comes next.',
    '',
    'Below, each task with the places at which the focus is used, in their order.',
    ...stops,
    '',
  ].join('\n');
}

describe('without a mouse', () => {
  test('somebody is recorded, from the link of the house tool to the notice', async () => {
    const now = new Date();
    const form = prefilledForm({ email, now });
    const { page } = harbour;
    const by = await arrive(harbour, form);
    await page.getByRole('heading', { name: 'What the creator will read' }).waitFor();
    await by.skip();
    await by.to(/When control was proven/);
    await by.typeInstant(daysBefore(now, 12));
    answerFiles(page, 'views.csv', 'view,device\n1,rented\n');
    await by.to('Choose files');
    await by.press('Enter');
    await page.getByText('views.csv').waitFor();
    await by.to('Our own detection');
    await by.press('Space');
    await by.to(/^Adult|^Unknown/);
    await by.press('Space');
    await by.to('No public body');
    await by.press('Space');
    await by.to('We looked whether');
    await by.press('Space');
    await by.to('Sign and record');
    await by.press('Enter');
    await page.getByRole('heading', { name: 'Notice to the creator' }).waitFor({ timeout: 60_000 });
    expect(done('Record somebody, by a link that fills the form', by)).toBeLessThan(mostKeys);
  });

  test('a person is checked, and the match is reviewed', async () => {
    await advance(at.server, 60);
    const { page } = tubely;
    const by = await arrive(tubely, '/trust/check');
    await by.skip();
    await by.to('Identifier');
    await by.type('best.deals@mail.example');
    await by.to('Check');
    await by.press('Enter');
    await page.getByText('signed:').first().waitFor({ timeout: 60_000 });
    await by.to('Pending');
    await by.press('ArrowDown');
    await by.to('Report the outcome');
    await by.press('Enter');
    await page.getByText(/^Reported: /).waitFor();
    expect(done('Check a person and report what you did', by)).toBeLessThan(mostKeys);
  });

  test('a platform is invited by a form', async () => {
    const { page } = operator;
    const by = await arrive(operator, '/operator/invite');
    await by.skip();
    const fill = async (label: string, text: string): Promise<void> => {
      await by.to(label);
      await by.type(text);
    };
    await fill('Legal name', 'Acme');
    await fill('Domain', 'acme.example');
    await fill('Country of its seat', 'de');
    await fill('Group', 'acme');
    await fill('Published policies', 'https://acme.example/rules');
    await fill('Where creators complain', 'help@acme.example');
    await fill('Contact for data protection', 'dpo@acme.example');
    await by.to('I looked');
    await by.press('Space');
    await by.to('Make the invite');
    await by.press('Enter');
    await page.getByText('_recourse.acme.example').waitFor();
    expect(done('Invite a platform', by)).toBeLessThan(mostKeys);
  });

  test('a colleague is named', async () => {
    const admin = await at.openDesk({ of: 'Harbour', role: 'trust', admin: true });
    const by = await arrive(admin, '/trust/people');
    const { page } = admin;
    await page.getByRole('link', { name: 'Name this person' }).first().waitFor();
    await by.skip();
    await by.to('Name this person');
    await by.press('Enter');
    await page.getByRole('textbox', { name: 'Name' }).waitFor();
    await by.to(/^Name$/);
    await by.type('Ada');
    await by.to('Save the name');
    await by.press('Enter');
    await page.getByText(/^Named: Ada/).waitFor();
    expect(done('Name a colleague', by)).toBeLessThan(mostKeys);
    await admin.context.close();
  });

  test('evidence is delivered from the inbox, where j and k move and e opens', async () => {
    await tellAndAppeal();
    const { page } = harbour;
    const by = await arrive(harbour, '/trust/inbox');
    await by.to('Deliver evidence', 'j');
    await by.press('e');
    await page.getByText('✓ Fits').waitFor();
    await expect.poll(() => by.focusIsIn('main')).toBe(true);
    await by.to('Seal and deliver');
    await by.press('Enter');
    await page.getByRole('cell', { name: 'Delivered' }).waitFor({ timeout: 60_000 });
    expect(done('Deliver evidence', by)).toBeLessThan(mostKeys);
  });

  test('a case is decided', async () => {
    await story.appeal();
    const { page } = reviewer;
    const by = await arrive(reviewer, '/review/queue');
    await by.isLedTo('Next case');
    await by.press('Enter');
    await by.isLedTo('I know nobody concerned');
    await by.press('Enter');
    await by.isLedTo('Go to the decision');
    await by.press('Enter');
    await by.isLedTo('Reverse');
    await by.press('Space');
    await by.to('An error of the platform');
    await by.press('Space');
    await by.to('Reasons');
    await by.type('The page belongs to a security course.');
    await by.to('Check what happens');
    await by.press('Enter');
    await by.isLedTo('Sign and send');
    await by.press('Enter');
    await page.getByText('Decided: reversed.').waitFor();
    expect(done('Decide a case', by)).toBeLessThan(mostKeys);
  });
});

test('the keys of the inbox stop at both ends, and do nothing while somebody types', async () => {
  const { page } = tubely;
  const by = await arrive(tubely, '/trust/inbox');
  const at = (): Promise<unknown> =>
    page.evaluate(`[...document.querySelectorAll('tbody a')].indexOf(document.activeElement)`);
  const rows = await page.locator('tbody a').count();
  expect(rows).toBeGreaterThan(0);
  const found: unknown[] = [];
  for (const key of ['j', 'k', ...Array.from({ length: rows }, () => 'j')]) {
    await by.press(key);
    found.push(await at());
  }
  expect([found[0], found[1], found.at(-1)]).toEqual([0, 0, rows - 1]);
  const opened = await page.locator('tbody a').last().getAttribute('href');
  await by.press('Enter');
  await page.waitForURL(`**${opened}`);
  await arrive(tubely, '/trust/records');
  await page.getByRole('textbox').fill('');
  await page.getByRole('textbox').focus();
  await by.type('jke');
  expect(await page.getByRole('textbox').inputValue()).toBe('jke');
});

test('the page on keys says what was found here', () => {
  const found = pageOf();
  if (process.env['RECOURSE_WRITE']) writeFileSync(keysPage, found);
  expect(readFileSync(keysPage, 'utf8')).toBe(found);
});
