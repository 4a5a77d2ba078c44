import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { launch, phone } from './browser/launch.ts';
import { newHome, type TestHome, type TestServer } from './run-server.ts';

let home: TestHome;
let server: TestServer;
let browser: Browser;
let page: Page;
const complaints: string[] = [];
const asked: string[] = [];

beforeAll(async () => {
  home = await newHome();
  server = await home.start();
  browser = await launch();
});
afterAll(async () => {
  await browser?.close();
  await home?.close();
});
beforeEach(async () => {
  page = await (await phone(browser, { script: true })).newPage();
  page.on('console', (message) => complaints.push(message.text()));
  page.on('request', (request) => asked.push(request.url()));
});

/** What the page says once it has looked. */
async function verdict(): Promise<string> {
  await page.goto(`${server.url}/ledger`);
  const box = page.locator('#checked');
  await expect.poll(() => box.textContent()).not.toMatch(/Nothing on this page|is checking/);
  return ((await box.textContent()) ?? '').replaceAll(/\s+/g, ' ');
}

const role = (): Promise<string | null> => page.locator('#checked').getAttribute('role');
const newest = async (): Promise<string> => (await server.get('/ledger/checkpoint')).text;
const serve = (note: string): Promise<unknown> =>
  page.route('**/ledger/checkpoint', (route) =>
    route.fulfill({ body: note, contentType: 'text/plain' }),
  );

/** Something that leaves an entry. */
async function grow(): Promise<void> {
  const before = await newest();
  await server.call(server.party('Harbour', 'service'), 'sanctions.list', {});
  await expect.poll(newest, { timeout: 30_000 }).not.toBe(before);
}

test('the reader’s browser verifies the log, remembers it, and sees that it grew', async () => {
  const first = await verdict();
  expect(first).toMatch(
    /^Verified in your browser: signed by registry\.test\/ledger, cosigned by [23] of 3 witnesses \(.*(Harbour|Tubely|Marketo).*\), size [\d,]+, at \d+ \w+ \d{4}/,
  );
  expect(first).toContain('for the first time');
  expect(await role()).toBe('status');
  await grow();
  expect(await verdict()).toMatch(/It continues the checkpoint of size [\d,]+ that this browser/);
}, 120_000);

test('a forged checkpoint is said loudly', async () => {
  const note = await newest();
  await serve(note.replace(/\n(\d+)\n/, (_line, size) => `\n${Number(size) + 1}\n`));
  expect(await verdict()).toMatch(/^This checkpoint is not signed\./);
  expect(await role()).toBe('alert');
  await page.unroute('**/ledger/checkpoint');
  expect(await verdict()).toContain('for the first time');
});

test('a log that was rolled back is said loudly, and both checkpoints are there to copy', async () => {
  const old = await newest();
  await grow();
  await verdict();
  await serve(old);
  for (const _again of [1, 2]) {
    expect(await verdict()).toMatch(/^This log was rolled back\./);
    expect(await role()).toBe('alert');
    const notes = await page.locator('#checked pre').allTextContents();
    expect(notes[0]).toContain(old.trim());
    expect(notes[1]).toContain('registry.test/ledger');
  }
  await page.unroute('**/ledger/checkpoint');
  expect(await verdict()).toContain('It continues');
  await serve(old);
  await verdict();
  await page.unroute('**/ledger/checkpoint');
  await page.getByRole('button', { name: 'forget' }).click();
  await expect.poll(() => page.locator('#checked').textContent()).toContain('for the first time');
}, 120_000);

test('nothing but the registry is asked, and the policy of the page stops nothing of its own', () => {
  for (const url of asked) expect(url.startsWith(server.url)).toBe(true);
  expect(complaints).toEqual([]);
});

test('without script the page says how to check the log by the command line', async () => {
  const plain = await (await phone(browser, { script: false })).newPage();
  await plain.goto(`${server.url}/ledger`);
  const text = await plain.locator('main').textContent();
  expect(text).toContain('Nothing on this page was checked yet');
  expect(text).toMatch(
    /recourse ledger verify --registry http:\/\/registry\.test --key registry\.test\/ledger\+/,
  );
  const { headers } = await server.get('/ledger', { Accept: 'text/html' });
  const policy = String(headers['content-security-policy']);
  expect(policy).toContain("default-src 'none'");
  expect(policy).not.toMatch(/unsafe|https?:/);
});
