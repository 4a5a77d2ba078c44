import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { flawsInEachLook } from './browser/axe.ts';
import { launch, phone, shot } from './browser/launch.ts';
import { caseCodeFor } from './desk/members.ts';
import { newHome, type TestHome, type TestServer } from './run-server.ts';

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

async function codeMailedTo(address: string): Promise<string> {
  const mail = await vi.waitUntil(async () => {
    const { body } = await server.get('/sandbox/outbox');
    const mails = body.mails as { to: string; text: string }[];
    return mails.find(({ to, text }) => to === address && /^ {4}\w{10}$/m.test(text));
  }, 30_000);
  return /^ {4}(\w{10})$/m.exec(mail.text)?.[1] ?? '';
}

describe.each([false, true])('news by mail (script: %s)', (script) => {
  let context: BrowserContext;
  let page: Page;
  const address = `news-${script}@mail.example`;

  beforeAll(async () => {
    context = await phone(browser, { script });
    page = await context.newPage();
    const creator = script ? 'best.deals@mail.example' : 'clips.factory@mail.example';
    await page.goto(`${server.url}/case`);
    await page.locator('#case-code').fill(await caseCodeFor(server, creator));
    await press('Open the case');
    await press('Get your own key');
    await press('I have kept it: open the case');
    await part('appeal');
  });
  afterAll(() => context?.close());

  const press = (name: string): Promise<void> => page.getByRole('button', { name }).click();
  const part = (name: string) => page.locator(`nav.parts button[value=${name}]`).click();
  const offer = () => page.getByRole('region', { name: 'News by email' });
  const heading = () => page.locator('h1').textContent();

  test('are not offered before there is an appeal', async () => {
    expect(await page.getByLabel('In your own words').count()).toBe(1);
    expect(await offer().count()).toBe(0);
  });

  test('are offered first once an appeal was sent', async () => {
    await page.getByLabel('It was not me').check();
    await page.getByLabel('In your own words').fill('It was not me.');
    await press('Send the appeal');
    await page.getByRole('status').waitFor();
    expect(await offer().count()).toBe(1);
    const forms = 'section form, textarea';
    expect(await page.locator(forms).first().getAttribute('action')).toContain('/case/contact');
    await shot(page, `17-news-${script}`);
  });

  test.runIf(script)('are offered without a flaw that axe finds', async () => {
    expect(await flawsInEachLook(page)).toEqual([]);
  });

  test('leave the words of the appeal when the language changes', async () => {
    await page.getByLabel('Add something to your appeal').fill('There is more.');
    await page.locator('#languages summary').click();
    await press('Deutsch');
    await page.locator('html[lang=de]').waitFor();
    expect(await page.locator('textarea').first().inputValue()).toBe('There is more.');
    await page.locator('#languages summary').click();
    await press('English');
    await page.locator('html[lang=en]').waitFor();
    expect(await page.getByLabel('Add something to your appeal').inputValue()).toBe(
      'There is more.',
    );
    await part('appeal');
  });

  test('say what is wrong with an address where it was typed, and stay on the page of the appeal', async () => {
    await offer().getByLabel('Email address').fill('nobody');
    await press('Mail a code to it');
    await page.getByRole('alert').waitFor();
    expect(await offer().getByLabel('Email address').inputValue()).toBe('nobody');
    expect(await heading()).toBe('Appeal');
  });

  test('are confirmed by the code, on the same page, and are offered no more', async () => {
    await offer().getByLabel('Email address').fill(address);
    await press('Mail a code to it');
    await offer().getByLabel('Code from the mail').fill('WRONG00000');
    await press('Confirm the address');
    expect(await page.locator('#confirm-code-error').textContent()).toContain('not the code');
    await offer()
      .getByLabel('Code from the mail')
      .fill(await codeMailedTo(address));
    await shot(page, `17-news-code-${script}`);
    await press('Confirm the address');
    await page.getByText('The address hears of news from now on.').waitFor();
    expect([await offer().count(), await heading()]).toEqual([0, 'Appeal']);
    await part('access');
    await page.getByText('has been told of news since').waitFor();
    await press('Forget this address');
    await page.getByText('The address is forgotten.').waitFor();
    expect(await heading()).toBe('Your access');
    await part('appeal');
    expect(await offer().count()).toBe(1);
  });
});
