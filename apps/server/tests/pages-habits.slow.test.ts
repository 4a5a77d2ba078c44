import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launch, phone, shot } from './browser/launch.ts';
import { newHome, type TestHome, type TestServer } from './run-server.ts';
import { codeOfSample, creatorAct } from './sample-case.ts';

let home: TestHome;
let server: TestServer;
let browser: Browser;

beforeAll(async () => {
  home = await newHome();
  server = await home.start();
  browser = await launch();
});
afterAll(async () => {
  await browser?.close();
  await home?.close();
});

const heading = (page: Page): Promise<string | null> => page.locator('h1').textContent();
const press = (page: Page, name: string): Promise<void> =>
  page.getByRole('button', { name }).click();

const caption = (page: Page): Promise<string | null> => page.locator('.caption').textContent();
async function goTo(page: Page, part: string): Promise<void> {
  await page.locator(`nav.parts button[value=${part}]`).click();
  await page.locator(`nav.parts button[value=${part}][aria-current]`).waitFor();
}

async function openedBy(page: Page, secret: string): Promise<void> {
  await page.goto(`${server.url}/case`);
  await page.getByLabel('Code from the notice').fill(secret);
  await press(page, 'Open the case');
  expect(await caption(page)).toBe('Your case');
}

/** By the registry's own mails to one address: whoever uses such a code first has room for files, unasked. */
async function mailedCode(nth: number): Promise<string> {
  const { mails } = (await server.get('/sandbox/outbox')).body as {
    mails: { to: string; text: string }[];
  };
  const mine = mails.filter(({ to }) => to === 'best.deals@mail.example');
  return /case#([0-9a-z-]+)/.exec(mine[nth]?.text ?? '')?.[1] ?? '';
}

async function claimed(page: Page, code: string): Promise<string> {
  await openedBy(page, code);
  await press(page, 'Get your own key');
  return (await page.locator('pre.key').textContent()) ?? '';
}

describe.each([false, true])('what people do with a browser (script: %s)', (script) => {
  const claim = script ? 'held' : 'phishing';
  let page: Page;
  let key: string;

  beforeAll(async () => {
    const context = await phone(browser, { script });
    page = await context.newPage();
    // Chromium asks before it sends a form again; here the answer is yes.
    page.on('dialog', (dialog) => void dialog.accept());
  });

  test('reloading after the claim shows the same key, which works', async () => {
    const first = await claimed(page, await codeOfSample(server, claim));
    await page.reload();
    expect(await heading(page)).toBe('This is your key');
    expect(await page.locator('pre.key').textContent()).toBe(first);
    await press(page, 'I have kept it: open the case');
    expect(await caption(page)).toBe('Your case');
  });

  test('a double click, going back and sending again are one appeal', async () => {
    key = await claimed(page, await mailedCode(script ? 1 : 0));
    await press(page, 'I have kept it: open the case');
    await goTo(page, 'appeal');
    await page.getByLabel('It was not me').check();
    await page.getByLabel('In your own words').fill('It was not me.');
    await page.getByRole('button', { name: 'Send the appeal' }).dblclick();
    await page.getByRole('heading', { name: 'Your appeal' }).waitFor();
    await page.reload();
    const { body } = await creatorAct(server, 'case.open', { code: key });
    expect(body.result.data.case.appeals).toHaveLength(1);
  });

  test('nothing of the case is in the page that going back leaves behind', async () => {
    await page.goto(`${server.url}/`);
    await page.goto(`${server.url}/case`);
    const field = page.locator('#case-code');
    expect(await field.inputValue()).toBe('');
    expect(await page.content()).not.toContain(key);
  });

  test('a file of 5 MB is refused beside its field, and one of 2 MiB is taken', async () => {
    await openedBy(page, key);
    await goTo(page, 'appeal');
    const file = page.getByLabel('Add a file');
    const large = (size: number) => ({
      name: 'photo.txt',
      mimeType: 'text/plain',
      buffer: Buffer.alloc(size, 'a'),
    });
    await file.setInputFiles(large(5_000_000));
    await press(page, 'Add it');
    expect(await page.locator('#file-file-error').textContent()).toContain('larger than 2 MiB');
    await shot(page, `15-too-large-${script}`);
    await file.setInputFiles(large(2 * 1024 * 1024 + 1));
    await press(page, 'Add it');
    expect(await page.locator('#file-file-error').textContent()).toContain('larger than 2 MiB');
    await file.setInputFiles(large(2 * 1024 * 1024));
    await press(page, 'Add it');
    expect(await page.getByRole('status').textContent()).toContain('added');
  });
});
