import { newCaseSecret } from '@recourse/protocol';
import { languages, loadTexts } from '@recourse/texts';
import { randomBytes } from 'node:crypto';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { flawsInEachLook } from './browser/axe.ts';
import { flaws } from './browser/flaws.ts';
import { launch, phone, shot } from './browser/launch.ts';
import { newHome, type TestHome, type TestServer } from './run-server.ts';
import { codeOfSample, concede, creatorAct } from './sample-case.ts';

let home: TestHome;
let server: TestServer;
let browser: Browser;
let page: Page;
let key: string;

beforeAll(async () => {
  home = await newHome();
  server = await home.start();
  browser = await launch();
  page = await (await phone(browser, { script: true })).newPage();
  key = newCaseSecret((size) => randomBytes(size));
  const code = await codeOfSample(server, 'phishing');
  await creatorAct(server, 'case.claim', { code, newKey: key });
  await creatorAct(server, 'case.appeal', { key, ground: 'not-me', words: 'w', language: 'en' });
  const { body } = await creatorAct(server, 'case.open', { code: key });
  await concede(server, server.party('Harbour', 'trust'), body.result.data.case.sanction);
});
afterAll(async () => {
  await browser?.close();
  await home?.close();
});

const button = () => page.locator('main form button:not(.first)').first();

async function openLetter(language: string): Promise<string> {
  await page.goto(`${server.url}/case?lang=${language}`);
  await page.locator('#case-code').fill(key);
  await button().click();
  await page.locator('form[action*="/case/letter"] button').first().click();
  await page.locator('svg.qr').waitFor();
  return (await page.locator('p.key a').getAttribute('href')) ?? '';
}

async function check(language: string, letter: string): Promise<void> {
  await page.goto(`${server.url}/letter?lang=${language}`);
  await page.locator('#letter-letter').fill(letter);
  await page.locator('main form button').first().click();
  await page.locator('main .note').waitFor();
}

/** Also what is written from the left stands whole in a page from the right: see the pictures. */
async function looksRight(name: string): Promise<void> {
  await page.setViewportSize({ width: 360, height: 640 });
  await shot(page, name);
  expect(await flawsInEachLook(page)).toEqual([]);
  expect(await flaws(page)).toEqual([]);
}

const colours = `(() => {
  const { backgroundColor, color } = getComputedStyle(document.body);
  return backgroundColor + ';' + color;
})()`;
const brightness = (colour = ''): string =>
  Number(/\d+/.exec(colour)?.[0]) > 127 ? 'bright' : 'dark';

describe.each(languages)('%s:', (language) => {
  test('the letter, one that is genuine and one that is forged have no flaw', async () => {
    const link = await openLetter(language);
    expect(await page.locator('html').getAttribute('lang')).toBe(language);
    expect(await page.locator('main bdi').allTextContents()).toEqual([
      'Harbour',
      server.origin,
      expect.stringMatching(/^snc_/),
    ]);
    await looksRight(`18-letter-${language}`);
    await check(language, link);
    expect(await page.getByRole('status').count()).toBe(1);
    await looksRight(`18-genuine-${language}`);
    await check(language, `${link.slice(0, -4)}0000`);
    expect(await page.getByRole('alert').count()).toBe(1);
    await looksRight(`18-forged-${language}`);
  });

  test('on paper the letter has its words, its address and its picture, and no button', async () => {
    const link = await openLetter(language);
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    await page.setViewportSize({ width: 720, height: 1000 });
    const [paper, ink] = String(await page.evaluate(colours)).split(';');
    expect([brightness(paper), brightness(ink)]).toEqual(['bright', 'dark']);
    expect(await page.getByText(link).isVisible()).toBe(true);
    const texts = await loadTexts(language);
    expect(await page.getByText(texts.say('page.letter.print')).isVisible()).toBe(false);
    const seen = await page.locator('button:visible, nav:visible, footer:visible').count();
    const box = await page.getByRole('img').boundingBox();
    await shot(page, `18-paper-${language}`);
    await page.emulateMedia({ media: null, colorScheme: 'light' });
    expect([seen, (box?.width ?? 0) > 100]).toEqual([0, true]);
  });
});
