import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launch, phone } from './browser/launch.ts';
import { newHome, type TestHome, type TestServer } from './run-server.ts';
import { codeOfSample } from './sample-case.ts';

let home: TestHome;
let server: TestServer;
let browser: Browser;
let context: BrowserContext;
let page: Page;
const sent: { url: string; referer: string; body: string }[] = [];
const complaints: string[] = [];

beforeAll(async () => {
  home = await newHome();
  server = await home.start();
  browser = await launch();
  context = await phone(browser, { script: true });
  page = await context.newPage();
  page.on('request', (request) =>
    sent.push({
      url: request.url(),
      referer: request.headers()['referer'] ?? '',
      body: request.postData() ?? '',
    }),
  );
  page.on('console', (message) => complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(String(error)));
});
afterAll(async () => {
  await browser?.close();
  await home?.close();
});

const ready = (): Promise<void> => page.waitForLoadState('load');
/** As the browser has it: playwright leaves a fragment out of nothing. */
const address = async (): Promise<string> => String(await page.evaluate('location.href'));

describe('with script', () => {
  test('the link of a notice opens the case, and its code leaves the address bar', async () => {
    const code = await codeOfSample(server, 'phishing');
    await page.goto(`${server.url}/case#${code}`);
    await page.getByText('Your case', { exact: true }).waitFor();
    await ready();
    expect(await address()).toMatch(/\/case\/at\/[\w-]{16}\/record$/);
    expect(await page.locator('main').textContent()).toContain('Harbour');
    for (const { url, referer } of sent) expect(`${url} ${referer}`).not.toContain(code);
    await page.goBack().catch(() => undefined);
    expect(await address()).not.toContain(code.slice(0, 9));
  });

  test('times are told by the clock of the reader', async () => {
    const code = await codeOfSample(server, 'scam');
    await page.goto(`${server.url}/case#${code}`);
    await page.getByText('Your case', { exact: true }).waitFor();
    await ready();
    const time = page.locator('time:not([data-day])').first();
    const day = page.locator('time[data-day]').first();
    const { dateStyle, timeZone } = { dateStyle: 'long', timeZone: 'Europe/Berlin' } as const;
    const at = new Date((await day.getAttribute('datetime')) ?? '');
    expect(await day.textContent()).toBe(at.toLocaleString('en-GB', { dateStyle, timeZone }));
    const instant = new Date((await time.getAttribute('datetime')) ?? '');
    const expected = instant.toLocaleString('en-GB', {
      dateStyle,
      timeStyle: 'short',
      timeZone,
    });
    expect(await time.textContent()).toBe(expected);
  });

  test('the key of a claim is made in the browser, and is the one that is shown', async () => {
    const made = page.locator('form[action="/case/claim"] input[name=newKey]');
    expect(await made.getAttribute('data-made')).toBe('here');
    const key = await made.inputValue();
    expect(key).toMatch(/^([0-9a-hjkmnp-tv-z]{4}-){7}[0-9a-hjkmnp-tv-z]{4}$/);
    await page.getByRole('button', { name: 'Get your own key' }).click();
    await page.getByRole('heading', { name: 'This is your key' }).waitFor();
    expect(await page.locator('pre.key').textContent()).toBe(key);
    const posted = sent.find(({ url }) => url.endsWith('/case/claim'));
    expect(posted?.body).toContain(`newKey=${key}`);
    expect(sent.map(({ url }) => url).join()).not.toContain(key);
  });

  test('a claim that is sent twice has one effect and shows the same key', async () => {
    const code = await codeOfSample(server, 'held');
    await page.goto(`${server.url}/case#${code}`);
    await page.getByText('Your case', { exact: true }).waitFor();
    await ready();
    const form = page.locator('form[action="/case/claim"]');
    const fields = `new URLSearchParams(new FormData(document.querySelector('form[action="/case/claim"]'))).toString()`;
    expect(await form.count()).toBe(1);
    const body = String(await page.evaluate(fields));
    const headers = { 'Content-Type': 'application/x-www-form-urlencoded' };
    const [first, second] = [
      await server.post('/case/claim', body, { headers }),
      await server.post('/case/claim', body, { headers }),
    ];
    const keyIn = (text: string) => /<code>([0-9a-z-]{39})<\/code>/.exec(text)?.[1];
    expect([first.status, second.status]).toEqual([200, 200]);
    expect(keyIn(second.text)).toBe(keyIn(first.text));
    expect(new URLSearchParams(body).get('newKey')).toBe(keyIn(first.text));
  });

  test('a withdrawal is signed by a key that stays in the browser, and waits in one that has none', async () => {
    const code = await codeOfSample(server, 'payout');
    // From another page: with a fragment alone the browser would stay on this one.
    await page.goto(`${server.url}/case/find`);
    await page.goto(`${server.url}/case#${code}`);
    await page.getByRole('button', { name: 'Get your own key' }).click();
    const key = (await page.locator('pre.key').textContent()) ?? '';
    await page.getByRole('button', { name: 'I have kept it: open the case' }).click();
    await page.locator('nav.parts button[value=appeal]').click();
    await page.locator('#appeal-ground').check();
    await page.locator('#appeal-words').fill('It was not me.');
    await page.getByRole('button', { name: 'Send the appeal' }).click();
    await page.getByRole('status').waitFor();
    expect(await withdrawOn(page)).toContain('You withdrew.');
    const posted = sent.findLast(({ url }) => url.endsWith('/case/withdraw'));
    expect(new URLSearchParams(posted?.body).get('act')?.split('.')).toHaveLength(3);
    await page.getByRole('button', { name: 'Keep the appeal after all' }).click();
    await page.getByText('The appeal goes on.').waitFor();
    const elsewhere = await phone(browser, { script: true });
    const other = await elsewhere.newPage();
    await other.goto(`${server.url}/case`);
    await other.locator('#case-code').fill(key);
    await other.getByRole('button', { name: 'Open the case' }).click();
    await other.locator('nav.parts button[value=appeal]').click();
    expect(await withdrawOn(other)).toContain('Noted, but not signed');
    await elsewhere.close();
  });

  test('the pages reach nobody else, and their own policy stops nothing of theirs', () => {
    for (const { url } of sent) expect(url.startsWith(server.url)).toBe(true);
    expect(complaints).toEqual([]);
  });
});

describe('by keyboard alone', () => {
  test('a case is opened, claimed and appealed, with the focus always to be seen', async () => {
    const code = await codeOfSample(server, 'scam-elsewhere');
    await page.goto(`${server.url}/case`);
    await focusOn('case-code');
    await page.keyboard.insertText(code);
    await page.keyboard.press('Enter');
    await page.getByText('Your case', { exact: true }).waitFor();
    await focusOnText('Get your own key');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'This is your key' }).waitFor();
    await focusOnText('I have kept it: open the case');
    await page.keyboard.press('Space');
    await page.getByText('Your case', { exact: true }).waitFor();
    await focusOnText('Appeal');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Appeal', level: 1 }).waitFor();
    await focusOn('appeal-ground');
    await page.keyboard.press('Space');
    await focusOn('appeal-words');
    await page.keyboard.insertText('It was not me.');
    await focusOnText('Send the appeal');
    await page.keyboard.press('Enter');
    await page.getByRole('status').waitFor();
    expect(await page.getByRole('status').textContent()).toContain('received');
  });

  test('what is wrong takes the focus, and leads to its field', async () => {
    await page.goto(`${server.url}/case`);
    await focusOn('case-code');
    await page.keyboard.insertText('nonsense');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').waitFor();
    await ready();
    expect(await page.evaluate("document.activeElement.getAttribute('role')")).toBe('alert');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    expect(await page.getByLabel('Code from the notice').getAttribute('aria-describedby')).toBe(
      'case-code-hint case-code-error',
    );
    expect(await page.locator('#case-code').inputValue()).toBe('nonsense');
  });
});

async function withdrawOn(on: Page): Promise<string | null> {
  await on.getByText('Withdraw the appeal').click();
  await on.getByRole('button', { name: 'Withdraw it' }).click();
  await on.getByRole('button', { name: 'Keep the appeal after all' }).waitFor();
  return on.getByRole('status').textContent();
}

const focused = 'document.activeElement';

/** Presses Tab until the focus is where `is` says; each stop on the way is visible and outlined. */
async function tabUntil(is: string): Promise<void> {
  for (let i = 0; i < 60; i++) {
    await page.keyboard.press('Tab');
    const outlined = `getComputedStyle(${focused}).outlineStyle`;
    // A page that has just come may not have its style yet.
    await expect
      .poll(() => page.evaluate(`${focused} === document.body ? 'solid' : ${outlined}`))
      .toBe('solid');
    if (await page.evaluate(is)) return;
  }
  throw new Error(`never reached: ${is}`);
}

const focusOn = (id: string): Promise<void> => tabUntil(`${focused}.id === '${id}'`);
const focusOnText = (text: string): Promise<void> =>
  tabUntil(`${focused}.textContent.trim() === '${text}'`);
