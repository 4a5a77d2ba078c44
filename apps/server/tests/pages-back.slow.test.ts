import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launch, phone } from './browser/launch.ts';
import { newHome, type TestHome, type TestServer } from './run-server.ts';
import { advance, codeOfSample } from './sample-case.ts';

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

async function goTo(page: Page, part: string): Promise<void> {
  await page.locator(`nav.parts button[value=${part}]`).click();
  await page.locator(`nav.parts button[value=${part}][aria-current]`).waitFor();
}

async function open(page: Page, secret: string): Promise<void> {
  await page.goto(`${server.url}/case`);
  await page.getByLabel('Code from the notice').fill(secret);
  await press(page, 'Open the case');
  await page.locator('nav.parts').waitFor();
}

describe.each([false, true])('Back and reload (script: %s)', (script) => {
  let context: BrowserContext;
  let page: Page;
  let key: string;
  const asked: string[] = [];
  const seen: string[] = [];

  beforeAll(async () => {
    context = await phone(browser, { script });
    page = await context.newPage();
    page.on('dialog', (dialog) => {
      asked.push(dialog.message());
      void dialog.dismiss();
    });
    page.on('request', (request) =>
      seen.push(
        request.url(),
        request.headers()['referer'] ?? '',
        request.headers()['cookie'] ?? '',
      ),
    );
  });
  afterAll(() => context?.close());

  test('Back shows each page that the creator came from, and Forward where they were', async () => {
    await open(page, await codeOfSample(server, script ? 'held' : 'phishing'));
    const record = await heading(page);
    await press(page, 'Get your own key');
    key = (await page.locator('pre.key').textContent()) ?? '';
    await press(page, 'I have kept it: open the case');
    await goTo(page, 'appeal');
    await page.getByLabel('It was not me').check();
    await page.getByLabel('In your own words').fill('It was not me.');
    await press(page, 'Send the appeal');
    await page.getByRole('status').waitFor();
    await goTo(page, 'told');
    const way = ['Appeal', 'Appeal', record, 'This is your key', record];
    for (const title of way) {
      await page.goBack();
      expect(await heading(page)).toBe(title);
    }
    for (const title of [...way.toReversed().slice(1), 'Who was told']) {
      await page.goForward();
      expect(await heading(page)).toBe(title);
    }
  });

  test('a page is as the case is now, and a reload asks for nothing to be sent again', async () => {
    await goTo(page, 'appeal');
    await page.reload();
    expect(await page.locator('.quote', { hasText: 'It was not me.' }).count()).toBe(1);
    expect(asked).toEqual([]);
  });

  test('the step of a proof is come back to, too', async () => {
    await page.goto(`${server.url}/case/find`);
    await page
      .getByLabel('An email address, a phone number, a domain name or a wallet')
      .fill(`${script}.example`);
    await press(page, 'Go on');
    const title = await heading(page);
    const record = await page.locator('dd code').first().textContent();
    await page.goto(`${server.url}/case/ticket`);
    await page.goBack();
    expect([await heading(page), await page.locator('dd code').first().textContent()]).toEqual([
      title,
      record,
    ]);
    await page.goBack();
    await page.goForward();
    expect(await heading(page)).toBe(title);
  });

  test('the address opens nothing for a browser that does not keep the page', async () => {
    await open(page, key);
    const address = page.url();
    expect(address).toMatch(/\/case\/at\/[\w-]{16}\/record$/);
    const other = await phone(browser, { script });
    const stranger = await other.newPage();
    await stranger.goto(address);
    expect(stranger.url()).toBe(`${server.url}/case`);
    expect(await stranger.content()).not.toContain(key);
    await other.close();
  });

  test('a cookie opens one address alone, is read by no script, and holds no secret', async () => {
    const kept = (await context.cookies()).filter(({ name }) => name === 'page');
    expect(kept.length).toBeGreaterThan(1);
    for (const { path, httpOnly, sameSite, value } of kept) {
      expect([path, httpOnly, sameSite]).toEqual([
        expect.stringMatching(/^\/case\/at\/[\w-]{16}$/),
        true,
        'Strict',
      ]);
      expect(Buffer.from(value, 'base64url').toString('latin1')).not.toContain(key.slice(0, 9));
    }
    const [one, another] = kept;
    await page.goto(`${server.url}${one?.path}/record`);
    expect(page.url()).toBe(`${server.url}${one?.path}/record`);
    // That of another address does not open it, in the same visit.
    await context.addCookies([{ ...kept[0]!, value: another?.value ?? '' }]);
    await page.goto(`${server.url}${one?.path}/record`);
    expect(page.url()).toBe(`${server.url}/case`);
    expect(seen.join('\n')).not.toContain(key.slice(0, 9));
  });

  test('a browser that keeps no cookies gets every page all the same', async () => {
    await context.clearCookies();
    await page.goto(`${server.url}/case`);
    await context.clearCookies();
    await page.getByLabel('Code from the notice').fill(key);
    await press(page, 'Open the case');
    await goTo(page, 'access');
    expect(new URL(page.url()).pathname).toBe('/case');
  });
});

test('a page is kept for half an hour by the clock of the registry', async () => {
  const context = await phone(browser, { script: false });
  const page = await context.newPage();
  await open(page, await codeOfSample(server, 'scam'));
  const address = page.url();
  await page.reload();
  expect(page.url()).toBe(address);
  await advance(server, 31 * 60);
  await page.reload();
  expect(page.url()).toBe(`${server.url}/case`);
  await context.close();
});
