import { newCaseSecret } from '@recourse/protocol';
import { randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launch } from './browser/launch.ts';
import { flawsInEachLook } from './browser/axe.ts';
import { flaws } from './browser/flaws.ts';
import { caseCodeFor } from './desk/members.ts';
import { Desks, type Desk } from './desk/open-desk.ts';
import { newHome, type TestHome, type TestServer } from './run-server.ts';
import { codeOfSample, creatorAct } from './sample-case.ts';

let home: TestHome;
let server: TestServer;
let browser: Browser;
let reader: Desk;
let unclaimed: string;
let key: string;
let fresh: string;
let asked: string;

beforeAll(async () => {
  home = await newHome({ reports: true });
  server = await home.start();
  browser = await launch();
  reader = await new Desks(server, browser).profile();
  unclaimed = await codeOfSample(server, 'held');
  key = newCaseSecret((size) => randomBytes(size));
  const code = await codeOfSample(server, 'phishing');
  await creatorAct(server, 'case.claim', { code, newKey: key });
  fresh = newCaseSecret((size) => randomBytes(size));
  const another = await codeOfSample(server, 'scam');
  await creatorAct(server, 'case.claim', { code: another, newKey: fresh });
  const words = 'w'.repeat(4000);
  const appeal = { key, ground: 'not-me', words, language: 'en' };
  await creatorAct(server, 'case.appeal', appeal);
  // By the registry's own mail: there is room for files.
  asked = newCaseSecret((size) => randomBytes(size));
  const mailed = await caseCodeFor(server, 'best.deals@mail.example');
  await creatorAct(server, 'case.claim', { code: mailed, newKey: asked });
  await creatorAct(server, 'case.appeal', { ...appeal, key: asked, words: 'It was not me.' });
});
afterAll(async () => {
  await browser?.close();
  await home?.close();
});

const form = { 'Content-Type': 'application/x-www-form-urlencoded' };

/** Every page a creator can come to, by how to come there. */
const pages: [name: string, path: string, body?: () => string][] = [
  ['open', '/case'],
  ['find', '/case/find'],
  ['ticket', '/case/ticket'],
  ['accept', '/case/accept'],
  ['stop', '/case/stop'],
  ['letter to check', '/letter'],
  ['letter that is forged', '/letter', () => `jti=${'p'.repeat(24)}&letter=x`],
  ['taxonomy', '/taxonomy'],
  ['no such page', '/nothing'],
  ['landing', '/'],
  ['governance', '/governance'],
  ['transparency', '/transparency'],
  ['ledger', '/ledger'],
  ['operations', '/docs/api'],
  ['problems', '/problems'],
  ['sandbox', '/sandbox'],
  ['outbox', '/sandbox/outbox'],
  ['problem', '/problems/quota-exceeded'],
  ['case by its code', '/case', () => `code=${unclaimed}`],
  ['case under appeal', '/case', () => `code=${key}`],
  ['appeal, with 4000 letters without a space', '/case', () => `part=appeal&code=${key}`],
  ['appeal with room for a file', '/case', () => `part=appeal&code=${asked}`],
  ['appeal to make', '/case', () => `part=appeal&code=${fresh}`],
  ['who was told', '/case', () => `part=told&code=${key}`],
  ['access', '/case', () => `part=access&code=${key}`],
  ['wrong code', '/case', () => 'code=x'],
  ['empty appeal', '/case/appeal', () => `key=${fresh}&ground=&words=&language=xx`],
  ['prove by mail', '/case/find', () => `jti=${'j'.repeat(24)}&identifier=a@b.example`],
  ['prove by DNS', '/case/find', () => `jti=${'k'.repeat(24)}&identifier=some-longer-name.example`],
  [
    'prove by signature',
    '/case/find',
    () => `jti=${'l'.repeat(24)}&identifier=eip155:1:0x${'ab'.repeat(20)}`,
  ],
  [
    'invited',
    '/case/access/invite',
    () =>
      `jti=${'n'.repeat(24)}&key=${fresh}&invitation=${newCaseSecret((size) => randomBytes(size))}&name=${'n'.repeat(80)}`,
  ],
  ['no address', '/case/contact', () => `jti=${'o'.repeat(24)}&key=${fresh}&email=x`],
  ['left', '/case/leave', () => 'left=1'],
  ['conflict', '/case/keep', () => `jti=${'m'.repeat(24)}&key=${fresh}`],
];

async function html(path: string, body?: string): Promise<string> {
  const answer =
    body === undefined
      ? await server.get(path, { Accept: 'text/html' })
      : await server.post(path, body, { headers: form });
  expect(answer.headers['content-type']).toMatch(/^text\/html/);
  return answer.text;
}

/** As a reader comes there: by a link, or by a form of the page before. */
async function open(path: string, body?: string): Promise<void> {
  const { page } = reader;
  await page.goto(`${server.url}${body === undefined ? path : '/case'}`);
  if (body === undefined) return;
  const fields = JSON.stringify([...new URLSearchParams(body)]);
  const arrived = page.waitForNavigation();
  await page.evaluate(`(() => {
    const form = document.createElement('form');
    Object.assign(form, { method: 'post', action: ${JSON.stringify(path)} });
    for (const [name, value] of ${fields}) {
      const input = document.createElement('textarea');
      Object.assign(input, { name, value });
      form.append(input);
    }
    document.body.append(form);
    form.submit();
  })()`);
  await arrived;
}

/** Bytes of pages that are heavier than others, whole and of their HTML. */
const heaviest: Readonly<Record<string, readonly [number, number]>> = {
  // Who checks the log brings what checks it.
  '/ledger': [36_000, 24_000],
  // A list of every operation is as long as they are: 11 kB packed.
  '/docs/api': [70_000, 64_000],
};

describe.each(pages)('the page "%s"', (_name, path, body) => {
  test('has no flaw that axe finds, in light, dark and from right to left, and fits a phone', async () => {
    await open(path, body?.());
    expect(await flawsInEachLook(reader.page)).toEqual([]);
    expect(await flaws(reader.page)).toEqual([]);
  });

  test('weighs less than 30 kB with its style and script, and 24 without them', async () => {
    const text = await html(path, body?.());
    const parts = [text, (await server.get('/style.css')).text];
    for (const [, src = ''] of text.matchAll(/<script src="([^"]+)"/g)) {
      parts.push((await server.get(src)).text);
    }
    const bytes = parts.reduce((sum, part) => sum + Buffer.byteLength(part), 0);
    const zipped = parts.reduce((sum, part) => sum + gzipSync(part).length, 0);
    console.log(
      `${_name}: ${bytes} bytes, ${zipped} zipped; of it HTML ${Buffer.byteLength(text)}`,
    );
    const [most, mostText] = heaviest[path] ?? [30_000, 24_000];
    expect(bytes).toBeLessThan(most);
    expect(Buffer.byteLength(text)).toBeLessThan(mostText);
  });
});

describe('every page of a creator', () => {
  test.each(pages.filter(([, path]) => path.startsWith('/case')))(
    '%s keeps nothing, tells nobody where it came from, and asks at most whether cookies come back',
    async (_name, path, body) => {
      const sent = body?.();
      const { headers } = sent
        ? await server.post(path, sent, { headers: form })
        : await server.get(path);
      expect(headers).toMatchObject({
        'cache-control': 'no-store',
        'referrer-policy': 'same-origin',
        'x-content-type-options': 'nosniff',
      });
      expect(headers['content-security-policy']).toBe(
        "default-src 'none'; style-src 'self'; script-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
      );
      const cookie = sent ? undefined : ['cookies=1; Path=/case; HttpOnly; SameSite=Strict'];
      expect(headers['set-cookie']).toEqual(cookie);
    },
  );

  test('escapes what people and platforms wrote', async () => {
    const words = '<script>alert(1)</script>"\' onload=x &amp;';
    const other = newCaseSecret((size) => randomBytes(size));
    const code = await codeOfSample(server, 'payout');
    await creatorAct(server, 'case.claim', { code, newKey: other });
    await creatorAct(server, 'case.appeal', { key: other, ground: 'minor', words, language: 'en' });
    const text = await html('/case', `part=appeal&code=${other}`);
    expect(text).not.toContain('<script>alert');
    expect(text).toContain('&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39; onload=x &amp;amp;');
    const wrong = await html('/case', `code=${encodeURIComponent('"><img src=x>')}`);
    expect(wrong).not.toContain('<img');
  });
});

test('no page broke its policy or threw, and none asked another origin', () => {
  expect(reader.complaints).toEqual([]);
  const asked = new Set(reader.sent.map(({ url }) => new URL(url).origin));
  expect([...asked]).toEqual([new URL(server.url).origin]);
});
