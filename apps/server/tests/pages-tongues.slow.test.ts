import { newCaseSecret } from '@recourse/protocol';
import { languageFacts, loadTexts } from '@recourse/texts';
import { randomBytes } from 'node:crypto';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { flawsInEachLook } from './browser/axe.ts';
import { flaws } from './browser/flaws.ts';
import { launch, phone, shot } from './browser/launch.ts';
import { caseCodeFor } from './desk/members.ts';
import { newHome, type TestHome, type TestServer } from './run-server.ts';
import { codeOfSample, creatorAct, newJti } from './sample-case.ts';

let home: TestHome;
let server: TestServer;
let browser: Browser;
let fresh: string;
let held: string;
let told: string;
const newKey = (): string => newCaseSecret((size) => randomBytes(size));

beforeAll(async () => {
  home = await newHome();
  server = await home.start();
  browser = await launch();
  [fresh, held, told] = [newKey(), newKey(), newKey()];
  await creatorAct(server, 'case.claim', {
    code: await codeOfSample(server, 'scam'),
    newKey: fresh,
  });
  // By the registry's own mail: there is room for files.
  const code = await caseCodeFor(server, 'best.deals@mail.example');
  await creatorAct(server, 'case.claim', { code, newKey: held });
  await creatorAct(server, 'case.appeal', {
    key: held,
    ground: 'not-me',
    words: 'w',
    language: 'en',
  });
  const other = await codeOfSample(server, 'phishing');
  await creatorAct(server, 'case.claim', { code: other, newKey: told });
  await creatorAct(server, 'case.setContact', { key: told, email: 'a@b.example', language: 'en' });
});
afterAll(async () => {
  await browser?.close();
  await home?.close();
});

/** Every page of a creator's that something is typed into, by how to come there. */
const pages: [name: string, path: string, body?: () => string][] = [
  ['open', '/case'],
  ['find', '/case/find'],
  ['ticket', '/case/ticket'],
  ['accept', '/case/accept'],
  ['stop', '/case/stop'],
  ['letter', '/letter'],
  ['proof', '/case/find', () => `jti=${newJti()}&identifier=a@b.example`],
  ['appeal to make', '/case', () => `part=appeal&code=${fresh}`],
  ['appeal that is open', '/case', () => `part=appeal&code=${held}`],
  ['access', '/case', () => `part=access&code=${fresh}`],
  ['address to confirm', '/case', () => `part=access&code=${told}`],
  ['objection', '/case/erasing', () => `key=${fresh}`],
  ['appeal that was refused', '/case/appeal', () => `jti=${'k'.repeat(23)}&key=${fresh}&words=`],
  ['words that were refused', '/case/add', () => `jti=${'l'.repeat(23)}&key=${held}&text=`],
  ['address that was refused', '/case/contact', () => `jti=${'m'.repeat(23)}&key=${fresh}&email=x`],
];

/** As a reader comes there: by a link, or by a form of the page before. */
async function open(page: Page, path: string, body?: string): Promise<void> {
  await page.goto(`${server.url}${body === undefined ? path : '/case'}`);
  if (body === undefined) return;
  const inputs = [...new URLSearchParams(body)].map(
    ([name, value]) => `<input type=hidden name="${name}" value="${value}">`,
  );
  const form = `<form id=way method=post action="${path}">${inputs.join('')}<button>Go</button></form>`;
  await page
    .locator('main')
    .evaluate((main, html) => main.insertAdjacentHTML('afterbegin', html), form);
  await page.locator('#way button').click();
  await page.locator('#way').waitFor({ state: 'detached' });
}

const fields =
  'main form[id] :is(input:not([type=hidden], [type=radio], [type=file]), textarea, select, input[type=radio]:checked)';
type Typed = Record<string, string>;

/** What stands in every form, or the first alone, by form and field. */
const typedOn = (page: Page): Promise<Typed> =>
  page
    .locator(fields)
    .evaluateAll((all) =>
      Object.fromEntries(
        (all as unknown as { form: { id: string }; name: string; value: string }[]).map(
          ({ form, name, value }) => [`${form.id} ${name}`, value],
        ),
      ),
    );

async function type(page: Page, form: string): Promise<void> {
  for (const details of await page
    .locator('main details:has(form[id]):not([open]) > summary')
    .all())
    await details.click();
  const texts = page.locator(
    `${form} :is(input:not([type=hidden], [type=radio], [type=file]), textarea)`,
  );
  for (const [nth, field] of (await texts.all()).entries())
    await field.fill(`نص "${nth}" & <b>\nhalf`);
  for (const choice of await page.locator(`${form} fieldset`).all())
    await choice.locator('input').last().check();
  const select = page.locator(`${form} select`);
  if (await select.count()) await select.selectOption('pt');
}

async function switchTo(page: Page, language: 'ar' | 'en'): Promise<void> {
  await page.locator('#languages summary').click();
  await page.getByRole('button', { name: languageFacts[language].name, exact: true }).click();
  await page.locator(`html[lang=${language}]`).waitFor();
}

describe.each([false, true])('another language (script: %s)', (script) => {
  let context: BrowserContext;
  let page: Page;
  const complaints: string[] = [];
  beforeAll(async () => {
    context = await phone(browser, { script });
    page = await context.newPage();
    // Chromium remarks on a focus that came before its own: on a busy machine it does.
    page.on('console', (message) => {
      if (message.type() !== 'info') complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(String(error)));
  });
  afterAll(() => context?.close());

  test.each(pages)('keeps what was typed: %s', async (name, path, body) => {
    await open(page, path, body?.());
    const first = `#${await page.locator('main form[id]').first().getAttribute('id')}`;
    // Without script a browser posts one form: the first one. With script all are kept.
    await type(page, script ? 'main form[id]' : first);
    const [typed, shown] = [await typedOn(page), await page.locator('pre.key').allTextContents()];
    expect(Object.values(typed).filter((value) => value.includes('half'))).not.toEqual([]);
    await switchTo(page, 'ar');
    await shot(page, `17-${name}-${script}`);
    expect(await typedOn(page)).toEqual(typed);
    // A ticket is written down from the page.
    expect(await page.locator('pre.key').allTextContents()).toEqual(shown);
    expect([
      await page.evaluate('document.documentElement.scrollWidth'),
      await flaws(page),
    ]).toEqual([360, []]);
    expect(script ? await flawsInEachLook(page) : []).toEqual([]);
    await page.setViewportSize({ width: 360, height: 640 });
    await switchTo(page, 'en');
    expect(await typedOn(page)).toEqual(typed);
  });

  test('sends nothing: no appeal, no address, no proof', async () => {
    const { body } = await creatorAct(server, 'case.open', { code: fresh });
    const { appeals, contact, others } = body.result.data.case;
    expect([appeals, contact, others ?? []]).toEqual([[], undefined, []]);
  });

  test('keeps the words beside a file, and says that the file must be chosen again', async () => {
    await open(page, '/case', `part=appeal&code=${held}`);
    await page.locator('#file-text').fill('My account.');
    const sent = page.waitForRequest((request) => request.url().includes('/case/file?lang='));
    const buffer = Buffer.alloc(1024 * 1024, 'a');
    await page
      .locator('#file-file')
      .setInputFiles({ name: 'a.txt', mimeType: 'text/plain', buffer });
    await switchTo(page, 'ar');
    const texts = await loadTexts('ar');
    const error = texts.say('page.error.fileAgain', {
      error: texts.say('page.error.fileLanguage'),
    });
    expect(await page.locator('#file-file-error').textContent()).toBe(error);
    expect(await page.locator('#file-text').inputValue()).toBe('My account.');
    expect((await sent).postData()?.length).toBeLessThan(2_000);
    await shot(page, `17-file-${script}`);
  });

  test.each(['/case', '/case/find', '/case/accept', '/case/stop'])(
    'Enter in a field of %s sends the form, in the language of the page',
    async (path) => {
      await open(page, path);
      await page.locator('main form[id] input:not([type=hidden])').fill('nonsense');
      await page.locator('main form[id] input:not([type=hidden])').press('Enter');
      await page.getByRole('alert').waitFor();
      expect(await page.locator('html').getAttribute('lang')).toBe('en');
    },
  );

  test('Back leads to a page on which nothing was typed, and leaves it', async () => {
    await open(page, '/case', `part=appeal&code=${fresh}`);
    const before = page.url();
    await switchTo(page, 'ar');
    expect(page.url()).toMatch(/\/case\/at\/[\w-]{16}\/appeal\?lang=ar$/);
    await page.goBack();
    expect(page.url()).toBe(before);
    expect(complaints.filter((said) => !said.includes('422'))).toEqual([]);
  });
});

test('a page of another site puts no words into a form', async () => {
  const body = `from=en&key=${fresh}&words=planted`;
  const headers = {
    'Content-Type': 'application/x-www-form-urlencoded',
    'Sec-Fetch-Site': 'cross-site',
  };
  const answer = await server.post('/case/appeal?lang=ar', body, { headers });
  expect([answer.status, answer.text.includes('planted')]).toEqual([303, false]);
});
