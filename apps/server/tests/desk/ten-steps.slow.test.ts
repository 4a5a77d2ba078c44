import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { DeskHome } from './desk-home.ts';
import { choose, typeInstant } from './keyboard.ts';
import type { Desk } from './open-desk.ts';
import { daysBefore } from './record-form.ts';
import { tick } from './tick.ts';

// The story that /sandbox tells, played by somebody new in one browser, in the order in which its steps stand.
vi.setConfig({ testTimeout: 400_000 });

const email = 'ten.steps@mail.example';

let at: DeskHome;
let desk: Desk;
let page: Page;

beforeAll(async () => {
  at = await DeskHome.start();
  desk = await at.profile();
  page = desk.page;
}, 240_000);
afterAll(() => at?.close());

const press = (name: string | RegExp): Promise<void> =>
  page.getByRole('button', { name }).first().click();
const follow = (name: string | RegExp): Promise<void> =>
  page.getByRole('link', { name }).first().click();
const sandbox = (): Promise<unknown> => page.goto(`${at.server.url}/sandbox`);

async function openDeskOf(name: string): Promise<void> {
  await sandbox();
  await press(`Open the desk of ${name}`);
  await page.getByRole('navigation').waitFor();
  await page.getByRole('heading', { name: 'Your key' }).waitFor({ state: 'detached' });
  await page.getByText(name, { exact: true }).first().waitFor();
}

async function record(): Promise<void> {
  await openDeskOf('Hanna Brink');
  const now = new Date();
  await follow('New record');
  await tick(page.getByRole('radio', { name: /Phishing/ }));
  await page.getByRole('textbox', { name: 'Identifier' }).fill(email);
  await typeInstant(page, 'When control was proven', daysBefore(now, 20));
  await page.locator('input[type=file]').setInputFiles({
    name: 'page.html',
    mimeType: 'text/html',
    buffer: Buffer.from('<p>A copy of a login page</p>'),
  });
  await typeInstant(page, 'The incident began', daysBefore(now, 30));
  await typeInstant(page, 'The incident ended', daysBefore(now, 10));
  await choose(page, 'What you did on your own service', 'Account terminated');
  await page.getByRole('textbox', { name: 'Account of facts' }).fill('A copy of a login page.');
  await tick(page.getByRole('radio', { name: 'Our own detection' }));
  await tick(page.getByRole('radio', { name: 'Adult' }));
  for (const box of await page.getByRole('checkbox').all()) await tick(box);
  await press('Sign and record');
  await page.getByRole('heading', { name: 'Notice to the creator' }).waitFor();
}

async function notify(): Promise<void> {
  await press('Have the registry write');
  await page.getByText('the creator was told').waitFor();
}

async function readMail(): Promise<void> {
  await sandbox();
  await follow('mail to the creator');
  await page.locator('li', { hasText: email }).first().waitFor();
  expect(await page.locator('main').textContent()).not.toContain('A copy of a login page.');
}

async function moveClock(): Promise<void> {
  await sandbox();
  await press('Three days');
}

async function check(): Promise<void> {
  await openDeskOf('Tom Adeyemi');
  await follow('Check a person');
  await page.getByRole('textbox', { name: 'Identifier' }).fill(email);
  await press(/^Check$/);
  await page.getByText('Harbour signed:').waitFor();
  await tick(page.getByRole('radio', { name: 'Admitted', exact: true }));
  await press('Report the outcome');
  await page.getByText(/^Reported: /).waitFor();
}

/** The mail has the address of the case. */
async function openCase(): Promise<void> {
  await sandbox();
  await follow('All that would have been sent');
  const mail = (await page.locator('main').textContent()) ?? '';
  const code = /case#([0-9a-z-]+)/.exec(mail)?.[1] ?? '';
  await page.goto(`${at.server.url}/case`);
  await page.getByLabel('Code from the notice').fill(code);
  await press('Open the case');
}

async function appeal(): Promise<void> {
  await openCase();
  await press('Get your own key');
  key = (await page.locator('pre.key').textContent()) ?? '';
  await press('I have kept it: open the case');
  await page.locator('nav.parts button[value=appeal]').click();
  await page.getByRole('radio').first().check();
  await page.locator('#appeal-words').fill('It was not me.');
  await press('Send the appeal');
  await page.getByRole('status').waitFor();
}
let key = '';

async function deliver(): Promise<void> {
  await openDeskOf('Hanna Brink');
  await follow('Deliver evidence');
  await page.getByText('✓ Fits').waitFor();
  await press('Seal and deliver 1 of 1');
  await page.getByRole('cell', { name: 'Delivered' }).waitFor();
}

async function take(): Promise<void> {
  await openDeskOf('Ines Duarte');
  await press('Next case');
  await press('I know nobody concerned');
  await page.locator('.quote', { hasText: 'It was not me.' }).waitFor();
}

async function decide(): Promise<void> {
  await openDeskOf('Ines Duarte');
  await page
    .getByRole('link', { name: /^Appeal/ })
    .first()
    .click();
  await page.getByText('✓ Digest fits').waitFor();
  await press('Go to the decision');
  await tick(page.getByRole('radio', { name: /^Reverse/ }));
  await tick(page.getByRole('radio', { name: 'Another person' }));
  await page.getByRole('textbox', { name: 'Reasons' }).fill('The page belongs to somebody else.');
  await press(/^Check/);
  await press('Sign and send');
  await page.getByText('Decided: reversed.').waitFor();
}

async function recall(): Promise<void> {
  await openDeskOf('Tom Adeyemi');
  await follow('Acknowledge');
  await tick(page.getByRole('radio', { name: 'Undone' }));
  await tick(page.getByRole('radio', { name: 'Deleted' }));
  await press('Sign and acknowledge');
  await page.getByText('Acknowledged: undone').waitFor();
}

async function letter(): Promise<void> {
  await page.goto(`${at.server.url}/case`);
  await page.getByRole('textbox').first().fill(key);
  await press('Open the case');
  await page
    .getByText(/reversed|cleared/i)
    .first()
    .waitFor();
}

/** What each step asks for, by words that only this step has. */
const acts: readonly (readonly [RegExp, () => Promise<void>])[] = [
  [/record somebody/, record],
  [/registry write/, notify],
  [/Read the mail/, readMail],
  [/Move the clock/, moveClock],
  [/check the same person/, check],
  [/as the creator/, appeal],
  [/take the next case/, take],
  [/deliver the evidence/, deliver],
  [/decide/, decide],
  [/recall/, recall],
  [/letter/, letter],
];

test('the ten steps of the sandbox work in the order in which they stand', async () => {
  await sandbox();
  const steps = await page.locator('h2:has-text("ten steps") + ol > li').allTextContents();
  expect(steps).toHaveLength(10);
  const done: string[] = [];
  for (const step of steps) {
    for (const [words, act] of acts) {
      if (!words.test(step)) continue;
      await act().catch((cause: unknown) => {
        throw new Error(`step ${steps.indexOf(step) + 1}, “${step.trim()}”`, { cause });
      });
      done.push(act.name);
    }
  }
  expect(done.toSorted()).toEqual(acts.map(([, act]) => act.name).toSorted());
});

test('no desk asked for what is not there, broke its policy or threw', () => {
  expect(desk.complaints).toEqual([]);
  // A key that was stated a moment ago waits for its place in the log: the desk asks until it has one.
  const refused = desk.refused.filter(
    (one) => /^[45]/.test(one) && !one.includes('/ledger/proof/'),
  );
  expect(refused).toEqual([]);
});
