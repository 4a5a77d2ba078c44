import { languages, loadTexts, languageFacts, type Language } from '@recourse/texts';
import { newCaseSecret } from '@recourse/protocol';
import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { flaws } from './browser/flaws.ts';
import { launch, phone, shot } from './browser/launch.ts';
import { newHome, type TestHome, type TestServer } from './run-server.ts';
import { codeOfSample, concede, creatorAct, sanctionOn } from './sample-case.ts';

const catalogue = new URL('../../../packages/texts/src/catalogues/en/', import.meta.url);
const english = Object.assign(
  {},
  ...['pages.json', 'access.json'].map((name) =>
    JSON.parse(readFileSync(new URL(name, catalogue), 'utf8')),
  ),
) as Record<string, string>;

const translations = languages.filter((language) => language !== 'en');
const html = { Accept: 'text/html' };
const form = { ...html, 'Content-Type': 'application/x-www-form-urlencoded' };

let home: TestHome;
let server: TestServer;
let unclaimed: string;
let held: string;
let claimed: string;
let fresh: string;

beforeAll(async () => {
  home = await newHome();
  server = await home.start();
  const key = (): string => newCaseSecret((size) => randomBytes(size));
  unclaimed = await codeOfSample(server, 'held');
  claimed = await codeOfSample(server, 'phishing');
  [held, fresh] = [key(), key()];
  await creatorAct(server, 'case.claim', { code: claimed, newKey: held });
  const words = 'ζζζ';
  await creatorAct(server, 'case.appeal', { key: held, ground: 'not-me', words, language: 'el' });
  const scam = await codeOfSample(server, 'scam');
  await creatorAct(server, 'case.claim', { code: scam, newKey: fresh });
});
afterAll(() => home?.close());

/** Every page of a creator, in one language. */
const pages: [name: string, path: string, body?: () => string][] = [
  ['open', '/case'],
  ['find', '/case/find'],
  ['ticket', '/case/ticket'],
  ['accept', '/case/accept'],
  ['stop', '/case/stop'],
  ['case by its code', '/case', () => `code=${unclaimed}`],
  ['case that may be appealed', '/case', () => `code=${fresh}`],
  ['case under appeal', '/case', () => `code=${held}`],
  ['appeal to make', '/case', () => `part=appeal&code=${fresh}`],
  ['appeal that is open', '/case', () => `part=appeal&code=${held}`],
  ['appeal of somebody else', '/case', () => `part=appeal&code=${claimed}`],
  ['who was told', '/case', () => `part=told&code=${held}`],
  ['access', '/case', () => `part=access&code=${held}`],
  ['no code', '/case', () => 'code=nonsense'],
  ['wrong code', '/case', () => `code=${newCaseSecret((size) => randomBytes(size))}`],
  ['empty appeal', '/case/appeal', () => `jti=${'j'.repeat(22)}&key=${fresh}`],
  ['objection', '/case/erasing', () => `jti=${'k'.repeat(22)}&key=${fresh}`],
  [
    'objection without words',
    '/case/erase',
    () => `jti=${'l'.repeat(22)}&key=${fresh}&ground=objection`,
  ],
  ['proof by mail', '/case/find', () => `jti=${'m'.repeat(22)}&identifier=a@b.example`],
  ['proof by DNS', '/case/find', () => `jti=${'n'.repeat(22)}&identifier=b.example`],
  ['nothing to find', '/case/find', () => `jti=${'o'.repeat(22)}&identifier=x`],
  ['no invitation', '/case/accept', () => `jti=${'r'.repeat(22)}&code=x&newKey=y`],
  ['nothing to stop', '/case/stop', () => `jti=${'s'.repeat(22)}&code=${'a'.repeat(32)}`],
  ['no address', '/case/contact', () => `jti=${'t'.repeat(22)}&key=${fresh}&email=x`],
  ['no name', '/case/access/invite', () => `jti=${'u'.repeat(22)}&key=${fresh}&name=`],
  ['left', '/case/leave', () => 'left=1'],
  ['letter to check', '/letter'],
  ['no letter', '/letter', () => `jti=${'v'.repeat(22)}&letter=x`],
  ['no ticket', '/case/ticket', () => `jti=${'p'.repeat(22)}&secret=x`],
  ['trouble', '/case/claim', () => `jti=${'q'.repeat(22)}&code=x&newKey=y`],
];

/** One for each: a source may ask for so many proofs an hour. */
const sourceOf = (language: Language): string => `127.0.9.${languages.indexOf(language) + 1}`;

async function read(language: Language, path: string, body?: string): Promise<string> {
  const at = `${path}?lang=${language}`;
  const answer = body
    ? await server.post(at, body, { headers: form, localAddress: sourceOf(language) })
    : await server.get(at, html);
  return answer.text;
}

/** The words of a page: no markup, and nothing that people or platforms wrote. */
const textOf = (page: string): string =>
  page
    .replace(
      /<head>.*?<\/head>|<header.*?<\/header>|<(nav|select)\b.*?<\/\1>|<(code|pre|time)\b.*?<\/\2>/gs,
      ' ',
    )
    .replace(/<(dd|p) class="quote".*?<\/\1>/gs, ' ')
    .replace(/<[^>]+>/g, ' ')
    .replaceAll('&#39;', "'")
    .replace(/\s+/g, ' ');

/** What stands between the placeholders of the English messages, where it is long enough to be a sentence. */
const sentences = Object.values(english).flatMap((message) =>
  message
    .split(/[{}<>#]|\bplural,|\bselect,/)
    .map((part) => part.trim())
    .filter((part) => part.length > 20 && part.includes(' ')),
);

/** That no person reviewed the page, as far as the link in it. */
async function warningIn(language: Language): Promise<string> {
  const texts = await loadTexts(language);
  const [before = ''] = texts.say('page.unreviewed', { a: () => '|' }).split('|');
  return before.trim();
}

describe.each(translations)('pages in %s', (language) => {
  test.each(pages)('%s: no key, and no sentence of another language', async (_name, path, body) => {
    const page = await read(language, path, body?.());
    const { direction } = languageFacts[language];
    expect(page).toContain(`<html lang="${language}" dir="${direction}">`);
    const text = textOf(page);
    expect(text).not.toMatch(/\b(page|cause|event|state|ground|trouble|conflict|notice)\.[a-z]/);
    expect(sentences.filter((sentence) => text.includes(sentence))).toEqual([]);
    const warning = await warningIn(language);
    expect(text).toContain(warning);
  });
});

test('every conflict on a case has a text', () => {
  const registry = new URL('../../../packages/registry/src/', import.meta.url);
  const own = ['cases/', 'operations/case/'].flatMap((folder) =>
    readdirSync(new URL(folder, registry)).map((name) => folder + name),
  );
  const source = [...own.filter((name) => name.endsWith('.ts')), 'review/appeal.rules.ts']
    .map((name) => readFileSync(new URL(name, registry), 'utf8'))
    .join('\n');
  const codePattern = /'state-conflict', '\w+', '([a-z-]+)'|refused: '([a-z-]+)'/g;
  const codes = new Set(
    [...source.matchAll(codePattern)].map(([, code, refused]) => code ?? refused),
  );
  expect(codes.size).toBeGreaterThan(15);
  expect([...codes].filter((code) => !(`conflict.${code}` in english))).toEqual([]);
});

describe('the choice of a language', () => {
  test('follows the browser, and an explicit one outlives it in links and forms', async () => {
    const german = { ...html, 'Accept-Language': 'de-CH,fr;q=0.8' };
    const byHeader = (await server.get('/case', german)).text;
    expect(byHeader).toContain('<html lang="de"');
    expect(byHeader).toContain('action="/case"');
    const chosen = (await server.get('/case?lang=ar', german)).text;
    expect(chosen).toContain('<html lang="ar" dir="rtl">');
    expect(chosen).toContain('action="/case?lang=ar"');
    expect(chosen).toContain('href="/case/find?lang=ar"');
  });

  test('sets no cookie, and leaves the secret in the body', async () => {
    const answer = await server.post('/case?lang=fr', `code=${unclaimed}`, { headers: form });
    expect(answer.headers['set-cookie']).toBeUndefined();
    expect(answer.headers['content-language']).toBe('fr');
    expect(answer.text).toContain('formaction="/case?lang=de"');
    expect(answer.text.match(/(?:href|action)="[^"]*"/g)?.join()).not.toContain(unclaimed);
  });
});

describe.each([
  ['de', 'de-DE'],
  ['ar', 'ar-EG'],
  ['hi', 'hi-IN'],
  ['zh', 'zh-CN'],
] as const)('an old phone set to %s, without script', (language, locale) => {
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  beforeAll(async () => {
    browser = await launch();
    context = await phone(browser, { script: false, locale });
    page = await context.newPage();
  });
  afterAll(() => browser?.close());

  const fits = async (name: string): Promise<void> => {
    await shot(page, `${language}-${name}`);
    const width = 'document.documentElement.scrollWidth';
    expect([name, await page.evaluate(width)]).toEqual([name, 360]);
    expect(await flaws(page)).toEqual([]);
  };

  test('opens, reads, and goes on in English and back', async () => {
    const texts = await loadTexts(language);
    await page.goto(`${server.url}/case`);
    expect(await page.locator('html').getAttribute('dir')).toBe(languageFacts[language].direction);
    await fits('open');
    await page.getByLabel(texts.say('page.open.code')).fill(held);
    await page.getByRole('button', { name: texts.say('page.open.submit') }).click();
    expect(await page.locator('.caption').textContent()).toBe(texts.say('page.case.title'));
    await fits('case');
    await page.locator('#languages summary').click();
    await page.getByRole('button', { name: 'English' }).click();
    expect(await page.locator('.caption').textContent()).toBe('Your case');
    expect(await page.locator('main').textContent()).toContain('Phishing or malware');
    await page.locator('#languages summary').click();
    await page.getByRole('button', { name: languageFacts[language].name }).click();
    expect(await page.locator('.caption').textContent()).toBe(texts.say('page.case.title'));
    const sections = page.locator('html');
    expect(await sections.getAttribute('lang')).toBe(language);
  });

  test('finds by mail, in the language of the page', async () => {
    const texts = await loadTexts(language);
    await page.goto(`${server.url}/case/find`);
    await page.getByLabel(texts.say('page.find.identifier')).fill(`${language}@mail.example`);
    await page.getByRole('button', { name: texts.say('page.find.submit') }).click();
    expect(await page.locator('h1').textContent()).toBe(texts.say('page.prove.title'));
    await fits('prove');
    const { body } = await server.get('/sandbox/outbox');
    const mail = body.mails.find((mail: { to: string }) => mail.to === `${language}@mail.example`);
    expect(mail?.subject).toBe(texts.say('mail.subject'));
  });
});

test('the letter is in the language of the reader, around the same signed codes', async () => {
  const browser = await launch();
  const page = await (await phone(browser, { script: false, locale: 'de-DE' })).newPage();
  await page.goto(`${server.url}/case`);
  await page.locator('#case-code').fill(held);
  await page.locator('main form:not(.parts form) button').first().click();
  const sanction = await sanctionOn(page);
  const conceded = await concede(server, server.party('Marketo', 'trust'), sanction).catch(
    () => undefined,
  );
  await browser.close();
  if (conceded?.status !== 200) {
    await concede(server, server.party('Harbour', 'trust'), sanction);
  }
  const { text } = await server.post('/case/letter?lang=de', `as=file&key=${held}`, {
    headers: form,
  });
  expect(text).toContain('Dieser Eintrag wurde auf Einspruch aufgehoben.');
  expect(text).toContain('die Plattform gab dem Einspruch recht');
  expect(text).toMatch(/recourse-letter\+jwt\):\n[\w-]+\.[\w-]+\.[\w-]+/);
});
