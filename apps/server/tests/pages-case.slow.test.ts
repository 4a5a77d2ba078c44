import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { newCaseSecret } from '@recourse/protocol';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { launch, phone, shot } from './browser/launch.ts';
import { caseCodeFor } from './desk/members.ts';
import { newHome, type TestHome, type TestServer } from './run-server.ts';
import {
  advance,
  bytesOf,
  codeOfSample,
  concede,
  creatorAct,
  payloadOf,
  sanctionOn,
} from './sample-case.ts';
import { logInto } from './log-into.ts';

let home: TestHome;
let server: TestServer;
let browser: Browser;
let context: BrowserContext;
let page: Page;
const lines: string[] = [];
const urls: string[] = [];
const secrets: string[] = [];

beforeAll(async () => {
  home = await newHome();
  const log = {
    ...logInto(lines),
    fault: (where: string, error: unknown) =>
      lines.push(`${where} ${String(error)} ${error instanceof Error ? error.stack : ''}`),
  };
  server = await home.start({}, { log });
  browser = await launch();
  context = await phone(browser, { script: false });
  page = await context.newPage();
  page.on('request', (request) => urls.push(request.url(), request.headers()['referer'] ?? ''));
});
afterAll(async () => {
  await browser?.close();
  await home?.close();
});

const heading = (): Promise<string | null> => page.locator('h1').textContent();
/** What the page is part of */
const caption = (): Promise<string | null> => page.locator('.caption').textContent();
const statusText = (): Promise<string | null> => page.locator('[role=status]').textContent();
const press = (name: string): Promise<void> => page.getByRole('button', { name }).click();

async function goTo(part: string): Promise<void> {
  await page.locator(`nav.parts button[value=${part}]`).click();
  // The page that it was asked on looks the same until the next one is there.
  await page.locator(`nav.parts button[value=${part}][aria-current]`).waitFor();
}

const nowOf = async (server: TestServer): Promise<string> =>
  (await server.get('/sandbox/clock')).body.now;

/** What a click saves, as text. */
async function saved(button: string): Promise<{ name: string; text: string }> {
  const [download] = await Promise.all([page.waitForEvent('download'), press(button)]);
  return {
    name: download.suggestedFilename(),
    text: readFileSync(await download.path(), 'utf8'),
  };
}

async function fits(): Promise<void> {
  const wide = await page.evaluate('document.documentElement.scrollWidth');
  expect([page.url(), wide]).toEqual([page.url(), 360]);
}

describe('without script, on a phone 360 px wide, one creator', () => {
  test('pastes the code and reads what is recorded, by whom, why and what it means', async () => {
    // By the registry's own mail: whoever uses its code first has room for files, unasked.
    const code = await caseCodeFor(server, 'clips.factory@mail.example');
    secrets.push(code);
    await page.goto(`${server.url}/case`);
    await shot(page, '01-open');
    await fits();
    await page.getByLabel('Code from the notice').fill(` ${code.toUpperCase()} `);
    await press('Open the case');
    expect(await caption()).toBe('Your case');
    expect(await heading()).toBe('Tubely says: Payout fraud');
    const text = await page.locator('main').textContent();
    for (const part of [
      'Tubely',
      'Nine in ten paid views',
      'In force',
      'You can appeal until',
      'complaints@tubely.example',
    ]) {
      expect(text).toContain(part);
    }
    await fits();
    await shot(page, '02-case-by-code');
  });

  test('claims the case, and is shown the key once', async () => {
    await press('Get your own key');
    expect(await heading()).toBe('This is your key');
    const key = (await page.locator('pre.key').textContent()) ?? '';
    expect(key).toMatch(/^([0-9a-z]{4}-){7}[0-9a-z]{4}$/);
    secrets.push(key);
    await fits();
    await shot(page, '03-key');
    const file = await saved('Save it as a file');
    expect([file.name, file.text.includes(key)]).toEqual(['recourse-key.txt', true]);
    await press('I have kept it: open the case');
    expect(await caption()).toBe('Your case');
  });

  test('is shown next to the field what is missing in an appeal, and keeps what was typed', async () => {
    await goTo('appeal');
    expect(await heading()).toBe('Appeal');
    await page
      .locator('input[name=ground]')
      .first()
      .evaluate((node) => {
        for (const field of node.closest('form')?.querySelectorAll('[required]') ?? [])
          field.removeAttribute('required');
      });
    await page.getByLabel('In your own words').fill('It was somebody else.');
    await press('Send the appeal');
    expect(await page.locator('[role=alert]').textContent()).toContain('Choose what is wrong');
    expect(await page.getByLabel('In your own words').inputValue()).toBe('It was somebody else.');
    await shot(page, '04-appeal-error');
    await fits();
  });

  test('appeals in own words, once, however often the form is sent', async () => {
    await page.getByLabel('It was not me').check();
    await page.getByLabel('In your own words').fill('My account was used\nby somebody else. 帳戶');
    await page.getByLabel('Language you wrote in').selectOption('en');
    await press('Send the appeal');
    expect(await statusText()).toContain('Your appeal was received');
    expect(await page.locator('.quote', { hasText: '帳戶' }).textContent()).toBe(
      'My account was used\nby somebody else. 帳戶',
    );
    await fits();
    await shot(page, '05-appealed');
  });

  test('adds information and a file; a file of another kind is refused next to the field', async () => {
    await page.getByLabel('Add something to your appeal').fill('I reported it that day.');
    await press('Add it');
    expect(await statusText()).toContain('added');
    const file = page.getByLabel('Add a file');
    await file.setInputFiles({ name: 'run.exe', mimeType: 'application/x', buffer: bytesOf('MZ') });
    await press('Add it');
    expect(await page.locator('#file-file-error').textContent()).toContain('no PDF');
    await file.setInputFiles({
      name: 'fake.png',
      mimeType: 'image/png',
      buffer: bytesOf('no png'),
    });
    await press('Add it');
    expect(await page.locator('#file-file-error').textContent()).toContain(
      'not what its name says',
    );
    await file.setInputFiles({ name: 'notes.txt', mimeType: 'text/plain', buffer: bytesOf('x') });
    await press('Add it');
    expect(await page.locator('main').textContent()).toContain('notes.txt');
    await fits();
  });

  test('withdraws the appeal, which waits 14 days without script, thinks again and keeps it', async () => {
    await page.getByText('Withdraw the appeal').click();
    await press('Withdraw it');
    expect(await statusText()).toContain('14 days');
    const note = page.locator('.note', { hasText: 'It counts from' });
    const effect = new Date((await note.locator('time').getAttribute('datetime')) ?? '').getTime();
    const days = (effect - new Date(await nowOf(server)).getTime()) / 86_400_000;
    expect([days > 13.9, days <= 14]).toEqual([true, true]);
    await shot(page, '06-withdrawn');
    await press('Keep the appeal after all');
    expect(await statusText()).toContain('goes on');
  });

  test('sees on the record where the appeal is', async () => {
    await goTo('record');
    expect(await page.locator('.tracker [aria-current]').textContent()).toContain('reviewer');
    for (const part of ['told', 'access']) {
      await goTo(part);
      await fits();
      await shot(page, `06-${part}`);
    }
    await goTo('appeal');
  });

  test('lets somebody in by a code, who opens the case by a key of their own, and ends that again', async () => {
    await goTo('access');
    await page.locator('form[action="/case/access/invite"] input[name=name]').fill('Dr. Gómez');
    await page.locator('form[action="/case/access/invite"] button').click();
    const code = /([0-9a-hjkmnp-tv-z]{4}-){7}[0-9a-hjkmnp-tv-z]{4}/.exec(
      (await page.locator('main').textContent()) ?? '',
    )?.[0];
    const other = await (await phone(browser, { script: false })).newPage();
    await other.goto(`${server.url}/case/accept`);
    await other.locator('input[name=code]').fill(code ?? '');
    await other.locator('form[action="/case/accept"] button').click();
    const theirs = (await other.locator('pre.key').textContent()) ?? '';
    await other.getByRole('button', { name: 'I have kept it: open the case' }).click();
    await other.locator('nav.parts button[value=access]').click();
    await other.getByText('You act for somebody else.').waitFor();
    await other.context().close();
    expect(theirs).not.toBe(secrets[1]);
    await page.goto(`${server.url}/case`);
    await page.getByLabel('Code from the notice').fill(secrets[1] ?? '');
    await press('Open the case');
    await goTo('access');
    expect(await page.locator('main').textContent()).toContain('Dr. Gómez');
    await page.locator('form[action="/case/access/end"] button').first().click();
    expect(await statusText()).toContain('That access has ended.');
    await goTo('appeal');
  });

  test('gets the receipt of the appeal as a file', async () => {
    const file = await saved('Download the receipt');
    expect(file.name).toBe('recourse-receipt.json');
    expect(JSON.parse(file.text).appeals).toMatchObject([{ ground: 'not-me', state: 'open' }]);
  });

  test('reads that the record was reversed, and gets the signed letter', async () => {
    await goTo('record');
    await shot(page, '06-appealed-record');
    const sanction = await sanctionOn(page);
    const conceded = await concede(server, server.party('Tubely', 'trust'), sanction);
    expect(conceded.status).toBe(200);
    await page.goto(`${server.url}/case`);
    await page.getByLabel('Code from the notice').fill(secrets[1] ?? '');
    await press('Open the case');
    expect(await page.locator('main').textContent()).toContain('Reversed');
    for (const part of ['appeal', 'told', 'access', 'record']) {
      await goTo(part);
      const first = await page.locator('nav.parts ~ p').first().textContent();
      expect([part, first?.trim()]).toEqual([
        part,
        expect.stringMatching(/^Cleared on .*Reversed/),
      ]);
      await fits();
    }
    await shot(page, '07-reversed');
    await press('Show the letter');
    expect(await heading()).toBe('Letter');
    await fits();
    await shot(page, '07-letter');
    const link = (await page.locator('p.key a').getAttribute('href')) ?? '';
    expect(link).toMatch(/^http:\/\/registry\.test\/letter#([0-9a-z]{4}-){5}[0-9a-z]{4}$/);
    expect(await page.getByRole('img').count()).toBe(1);
    const file = await saved('Download the letter');
    expect(file.name).toBe('recourse-letter.txt');
    expect(file.text).toContain(link);
    const [jws = ''] = /^ey[\w-]+\.[\w-]+\.[\w-]+$/m.exec(file.text) ?? [];
    expect(payloadOf(jws)).toMatchObject({ sub: sanction, outcome: 'reversed', cause: 'conceded' });
    await page.goto(`${server.url}/letter`);
    for (const [typed, says] of [
      [`${jws.slice(0, -8)}AAAAAAAA`, 'no letter of this registry'],
      [jws, 'Genuine. This registry signed this letter'],
      [`${link.slice(0, -4)}0000`, 'no letter of this registry'],
      [link, 'Genuine. The letter of this registry with this code'],
    ] as const) {
      await page.getByLabel('The address or its code, or the signed text').fill(typed);
      await press('Check it');
      await page.getByText(says).first().waitFor();
    }
    expect(await page.getByRole('status').textContent()).toContain(sanction);
    await fits();
    await shot(page, '07-genuine');
  });

  test('reads NOT GENUINE, in red, of a letter that was changed', async () => {
    await page.goto(`${server.url}/letter`);
    await page
      .getByLabel('The address or its code, or the signed text')
      .fill('eyJhIjoxfQ.eyJiIjoyfQ.AAAA');
    await press('Check it');
    const note = page.getByRole('alert');
    expect((await note.textContent())?.trim()).toMatch(/^NOT GENUINE/);
    expect(await page.locator('main').textContent()).not.toContain('Not sent yet');
    // With its style.
    await page.waitForLoadState('load');
    const color = "getComputedStyle(document.querySelector('[role=alert]')).color";
    const [red, green, blue] = String(await page.evaluate(color)).match(/\d+/g) ?? [];
    expect(Number(red)).toBeGreaterThan(2 * Number(green));
    expect(Number(red)).toBeGreaterThan(2 * Number(blue));
    await fits();
    await shot(page, '07-forged');
  });

  test('replaces the key: the old one opens nothing', async () => {
    await page.goto(`${server.url}/case`);
    await page.getByLabel('Code from the notice').fill(secrets[1] ?? '');
    await press('Open the case');
    await goTo('access');
    await press('Replace the key');
    expect(await heading()).toBe('The key was replaced');
    secrets.push((await page.locator('pre.key').textContent()) ?? '');
    await page.goto(`${server.url}/case`);
    await page.getByLabel('Code from the notice').fill(secrets[1] ?? '');
    await press('Open the case');
    expect(await page.locator('#case-code-error').textContent()).toContain('That opens no case');
    await shot(page, '08-wrong');
  });

  test('with the code alone reads the record, and not what the creator wrote or who was told', async () => {
    await page.getByLabel('Code from the notice').fill(secrets[0] ?? '');
    await press('Open the case');
    expect(await caption()).toBe('Your case');
    const shown = () => page.locator('main').textContent();
    await goTo('appeal');
    expect(await shown()).toContain('Somebody else who has a key to this case opened it.');
    await goTo('told');
    expect(await shown()).toContain('With a key of your own you see which platforms asked');
    await shot(page, '09-by-code');
    await fits();
  });
});

describe('without script, somebody who lost the code', () => {
  test('finds the case by the email address, and reads it whole beside who claimed it by its code', async () => {
    // One that nobody reversed: tokens of a reversed record are erased when the scheduler comes to it.
    const code = await codeOfSample(server, 'held');
    const claim = { code, newKey: newCaseSecret((size) => randomBytes(size)) };
    expect((await creatorAct(server, 'case.claim', claim)).status).toBe(200);
    await page.goto(`${server.url}/case/find`);
    await shot(page, '10-find');
    await fits();
    await page
      .getByLabel('An email address, a phone number, a domain name or a wallet')
      .fill('five.stars@mail.example');
    await press('Go on');
    await shot(page, '11-prove');
    await fits();
    // Mailed in the background, and a notice to the same address came before.
    const mail = await vi.waitUntil(async () => {
      const { body } = await server.get('/sandbox/outbox');
      const mails = body.mails as { to: string; text: string }[];
      return mails.find(
        ({ to, text }) => to === 'five.stars@mail.example' && /^ {4}\w{10}$/m.test(text),
      );
    }, 30_000);
    await page.getByLabel('Code from the mail').fill('WRONG00000');
    await press('Show my cases');
    expect(await page.locator('#prove-proof-error').textContent()).toContain('not the code');
    await page.getByLabel('Code from the mail').fill(/^ {4}(\w+)$/m.exec(mail.text)?.[1] ?? '');
    await press('Show my cases');
    expect(await heading()).toBe('One case was found');
    secrets.push((await page.locator('pre.key').textContent()) ?? '');
    await shot(page, '12-found');
    await fits();
    await press('Open this case');
    await shot(page, '13-found-case');
    expect(await page.locator('main').textContent()).toContain('two hundred reviews');
    await fits();
  });

  test('makes a ticket request, which opens nothing before a platform vouched', async () => {
    await page.goto(`${server.url}/case/ticket`);
    await shot(page, '14-ticket');
    await fits();
    const secret = (await page.locator('pre.key').textContent()) ?? '';
    secrets.push(secret);
    await page.getByLabel('Your secret').fill(secret);
    await press('Show my cases');
    expect(await page.locator('#ticket-secret-error').textContent()).toContain('No platform');
  });

  test('opens a step by its address alone, and is back at the beginning', async () => {
    for (const step of ['claim', 'appeal', 'file', 'prove', 'letter', 'answer/x']) {
      await page.goto(`${server.url}/case/${step}`);
      expect(page.url()).toMatch(/\/case(\/find)?$/);
    }
  });
});

test('a moved clock has written what it made due before it answers', async () => {
  const seconds = 8 * 86_400;
  const offset = await advance(server, seconds);
  const iat = Math.floor(Date.now() / 1000) + offset;
  const key = server.party('Tubely', 'service');
  const { body } = await server.call(key, 'events.poll', {}, { iat, exp: iat + 60 });
  expect(Object.keys(body.result.sets).length).toBeGreaterThan(0);
});

test('no secret is in an address, a referrer or a line of the log', () => {
  expect(secrets.length).toBeGreaterThan(4);
  const everything = [...urls, ...lines].join('\n');
  for (const secret of secrets) {
    expect(secret).toMatch(/^([0-9a-z]{4}-){7}[0-9a-z]{4}(\.\d+)?$/);
    expect(everything).not.toContain(secret);
    expect(everything).not.toContain(secret.slice(0, 9));
  }
  expect(everything).not.toMatch(/clips\.factory/);
});
