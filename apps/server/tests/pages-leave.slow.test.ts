import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { flawsInEachLook } from './browser/axe.ts';
import { launch, phone, shot } from './browser/launch.ts';
import { newHome, type TestHome, type TestServer } from './run-server.ts';
import { codeOfSample } from './sample-case.ts';

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

const leave = (page: Page) => page.getByRole('button', { name: 'Leave', exact: true });
const press = (page: Page, name: string): Promise<void> =>
  page.getByRole('button', { name }).click();

async function open(page: Page, secret: string): Promise<void> {
  await page.goto(`${server.url}/case`);
  await page.getByLabel('Code from the notice').fill(secret);
  await press(page, 'Open the case');
  await page.locator('nav.parts').waitFor();
}

describe.each([false, true])('Leave (script: %s)', (script) => {
  let context: BrowserContext;
  let page: Page;
  let beside: Page;
  let elsewhere: Page;
  let key: string;
  const addresses: string[] = [];
  const complaints: string[] = [];

  beforeAll(async () => {
    context = await phone(browser, { script });
    page = await context.newPage();
    page.on('console', (message) => complaints.push(message.text()));
    beside = await context.newPage();
    elsewhere = await (await phone(browser, { script })).newPage();
    await open(page, await codeOfSample(server, script ? 'held' : 'phishing'));
    addresses.push(page.url());
    await press(page, 'Get your own key');
    key = (await page.locator('pre.key').textContent()) ?? '';
    await open(elsewhere, key);
  });
  afterAll(async () => {
    await context?.close();
    await elsewhere?.context().close();
  });

  const visit = async () => {
    const cookies = await context.cookies();
    return cookies.find(({ name }) => name === 'cookies')?.value;
  };
  /** What stands in a window that nobody may come back in. */
  const shows = async (window: Page) => {
    const { pathname } = new URL(window.url());
    const content = await window.content();
    return [pathname, content.includes(key), content.includes('nav class="parts"')];
  };
  const nothing = ['/case', false, false];

  test('stands on every page that shows something of a case, and on no other', async () => {
    expect(await leave(page).count()).toBe(1);
    addresses.push(page.url());
    await press(page, 'I have kept it: open the case');
    for (const part of ['record', 'appeal', 'told', 'access']) {
      await page.locator(`nav.parts button[value=${part}]`).click();
      await page.locator(`nav.parts button[value=${part}][aria-current]`).waitFor();
      expect(await leave(page).count()).toBe(1);
      addresses.push(page.url());
    }
    await page.locator('form[action*="/case/erasing"] button').click();
    await page.waitForURL('**/erasing');
    expect(await leave(page).count()).toBe(1);
    addresses.push(page.url());
    await shot(page, `19-leave-${script}`);
    await beside.goto(`${server.url}/case`);
    expect(await leave(beside).count()).toBe(0);
    await beside.goto(addresses[2] ?? '');
    expect(await beside.locator('nav.parts').count()).toBe(1);
  });

  test('is answered by a page that says so, and holds nothing of the case', async () => {
    expect(await visit()).toMatch(/^[\w-]{22}$/);
    await leave(page).click();
    expect(await page.locator('h1').textContent()).toBe('You have left your case');
    expect((await page.getByRole('status').textContent())?.trim()).toMatch(
      /^This browser opens your case no more/,
    );
    expect(await shows(page)).toEqual(['/case/leave', false, false]);
    expect(await visit()).toBe('1');
    await shot(page, `19-left-${script}`);
  });

  test('Back shows no page of the case, however often', async () => {
    for (let nth = 0; nth < 4; nth++) {
      await page.goBack();
      expect(await shows(page)).toEqual(nothing);
    }
  });

  test('no address of it opens, in another window either', async () => {
    await beside.reload();
    expect(await shows(beside)).toEqual(nothing);
    for (const address of addresses) {
      await page.goto(address);
      expect(await shows(page)).toEqual(nothing);
    }
  });

  test('another browser stays in the case', async () => {
    await elsewhere.reload();
    expect(await elsewhere.locator('nav.parts').count()).toBe(1);
  });

  test('the key opens the case again, and none of the pages from before', async () => {
    await open(page, key);
    await page.goto(addresses[0] ?? '');
    expect(await shows(page)).toEqual(nothing);
    await leave(elsewhere).click();
    expect(complaints.filter((said) => !said.includes('Cleared data types'))).toEqual([]);
  });

  test.runIf(script)('the page of who left has no flaw that axe finds', async () => {
    expect(await flawsInEachLook(elsewhere)).toEqual([]);
  });
});

test('a browser that keeps no cookies leaves too', async () => {
  const answer = await server.post('/case/leave?lang=de', '', {
    headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
  });
  expect([answer.status, answer.headers['set-cookie']]).toEqual([200, undefined]);
  expect(answer.headers['clear-site-data']).toBe('"cache"');
  expect(answer.text).toContain('Sie haben Ihren Fall verlassen');
});
