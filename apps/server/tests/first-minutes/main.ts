import type { Page } from 'playwright-core';
import { typeInstant } from '../desk/keyboard.ts';
import type { Desks } from '../desk/open-desk.ts';
import { completeForm, daysBefore, prefilledForm } from '../desk/record-form.ts';
import { atSandbox } from '../screenshots/sandbox.ts';

/**
 * `npm run first-minutes`: clicks, keys and seconds until somebody new, who begins at `/sandbox`, has made the first
 * record, check, appeal and decision; and how soon a slow phone can use a desk and a creator's page. The seconds are
 * those of the machine: somebody who reads takes longer.
 */
class Counted {
  clicks = 0;
  keys = 0;
  readonly #page: Page;
  readonly #begun = performance.now();

  constructor(page: Page) {
    this.#page = page;
  }

  async click(role: 'button' | 'link' | 'radio' | 'option' | 'checkbox', name: string | RegExp) {
    this.clicks += 1;
    const found = this.#page.getByRole(role, { name }).first();
    // Radios and boxes are drawn by their label.
    await (role === 'radio' || role === 'checkbox' ? found.check({ force: true }) : found.click());
  }

  async type(label: string, text: string): Promise<void> {
    this.clicks += 1;
    this.keys += text.length;
    await this.#page.getByRole('textbox', { name: label }).fill(text);
  }

  async typeDay(label: string, at: Date): Promise<void> {
    this.clicks += 1;
    this.keys += 8;
    await typeInstant(this.#page, label, at);
  }

  print(label: string): void {
    const seconds = ((performance.now() - this.#begun) / 1000).toFixed(1);
    console.log(`${label}: ${this.clicks} clicks, ${this.keys} keys, ${seconds} s`);
  }
}

await atSandbox(async (desks) => {
  await record(desks);
  await recordFromLink(desks);
  await check(desks);
  await decide(desks);
  await onSlowPhone(desks);
});

async function openDesk(desks: Desks, name: string) {
  const { page } = await desks.profile();
  await page.goto(`${desks.server.url}/sandbox`);
  const by = new Counted(page);
  await by.click('button', `Open the desk of ${name}`);
  await page.getByRole('navigation').waitFor();
  await page.getByRole('heading', { name: 'Your key' }).waitFor({ state: 'detached' });
  return { page, by };
}

async function record(desks: Desks): Promise<void> {
  const { page, by } = await openDesk(desks, 'Hanna Brink');
  const now = new Date();
  await by.click('link', 'New record');
  await by.click('radio', /Phishing/);
  await by.type('Identifier', 'first.record@mail.example');
  await by.typeDay('When control was proven', daysBefore(now, 20));
  by.clicks += 1;
  await page.locator('input[type=file]').setInputFiles({
    name: 'page.html',
    mimeType: 'text/html',
    buffer: Buffer.from('<p>A copy of a login page</p>'),
  });
  await by.typeDay('The incident began', daysBefore(now, 30));
  await by.typeDay('The incident ended', daysBefore(now, 10));
  await by.click('button', /What you did on your own service$/);
  await by.click('option', 'Account terminated');
  await by.type('Account of facts', 'Hosted a copy of the login page of a bank.');
  await by.click('button', /The policy that was broken$/);
  await by.click('option', /rules/);
  await by.click('radio', 'Own detection');
  await by.click('radio', 'Adult');
  await by.click('checkbox', /No public body/);
  await by.click('checkbox', /We looked/);
  await by.click('button', 'Sign and record');
  await page.getByRole('heading', { name: 'Notice to the creator' }).waitFor({ timeout: 60_000 });
  await by.click('button', 'Have the registry write');
  await page.getByText('Nothing is owed').waitFor({ timeout: 60_000 });
  by.print('First record, from /sandbox to the notice');
}

async function recordFromLink(desks: Desks): Promise<void> {
  const { page } = await openDesk(desks, 'Tom Adeyemi');
  const now = new Date();
  const by = new Counted(page);
  const form = prefilledForm({ email: 'from.a.link@mail.example', now });
  await page.goto(`${desks.server.url}/desk/#${form}`);
  await completeForm(page, now, 'view,device\n1,rented\n');
  // Time of proof, file, origin, age, two attestations
  by.clicks += 6;
  by.keys += 12;
  await by.click('button', 'Sign and record');
  await page.getByRole('heading', { name: 'Notice to the creator' }).waitFor({ timeout: 60_000 });
  by.print('Record from a filled link');
}

async function check(desks: Desks): Promise<void> {
  const { page, by } = await openDesk(desks, 'Tom Adeyemi');
  await by.click('link', 'Check a person');
  await by.type('Identifier', 'best.deals@mail.example');
  await by.click('button', /^Check$/);
  await page.getByText('signed:').first().waitFor({ timeout: 60_000 });
  by.print('First check, from /sandbox to the match in words');
  await by.click('radio', 'Admitted');
  await by.click('button', 'Report the outcome');
  await page.getByText(/^Reported: /).waitFor();
  by.print('The same, and its outcome');
}

async function decide(desks: Desks): Promise<void> {
  const { page: creator } = await desks.profile();
  await creator.goto(`${desks.server.url}/sandbox`);
  const appealing = new Counted(creator);
  appealing.clicks += 1;
  await creator.locator('button[data-case="phishing"]').click();
  await appealing.click('button', 'Get your own key');
  await appealing.click('button', 'I have kept it: open the case');
  appealing.clicks += 1;
  await creator.locator('nav.parts button[value=appeal]').click();
  await appealing.click('radio', /./);
  appealing.clicks += 1;
  appealing.keys += 14;
  await creator.locator('#appeal-words').fill('It was not me.');
  await appealing.click('button', 'Send the appeal');
  await creator.getByRole('status').waitFor();
  appealing.print('First appeal, from /sandbox');
  const { page, by } = await openDesk(desks, 'Ines Duarte');
  await by.click('button', 'Next case');
  await by.click('button', 'I know nobody concerned');
  await by.click('button', 'Go to the decision');
  await by.click('radio', /^Reverse/);
  await by.click('radio', 'Another person');
  await by.type('Reasons', 'The page belongs to somebody else.');
  await by.click('button', /^Check/);
  await by.click('button', 'Sign and send');
  await page.getByText('Decided: reversed.').waitFor({ timeout: 60_000 });
  by.print('First decision, from /sandbox');
}

/** A phone of four years ago on slow 4G, as Lighthouse has it. */
async function onSlowPhone(desks: Desks): Promise<void> {
  const kilobit = 1024 / 8;
  const slow4g = {
    latency: 150,
    downloadThroughput: 1638.4 * kilobit,
    uploadThroughput: 750 * kilobit,
  };
  const timed = async (page: Page, path: string, until: () => Promise<void>) => {
    const session = await page.context().newCDPSession(page);
    await session.send('Network.enable');
    await session.send('Network.clearBrowserCache');
    await session.send('Network.emulateNetworkConditions', { offline: false, ...slow4g });
    await session.send('Emulation.setCPUThrottlingRate', { rate: 4 });
    await page.goto('about:blank');
    const begun = performance.now();
    await page.goto(`${desks.server.url}${path}`, { waitUntil: 'commit' });
    await until();
    const seconds = ((performance.now() - begun) / 1000).toFixed(1);
    console.log(
      `${path} on a phone that is 4x slower, on slow 4G: ${seconds} s until it can be used`,
    );
  };
  const { page: reader } = await desks.profile();
  await reader.setViewportSize({ width: 360, height: 640 });
  await timed(reader, '/case', () =>
    reader.getByRole('button', { name: 'Open the case' }).waitFor(),
  );
  const { page } = await openDesk(desks, 'Tom Adeyemi');
  await page.setViewportSize({ width: 360, height: 640 });
  await timed(page, '/desk/#/trust/inbox', async () => {
    await page.getByRole('heading', { name: 'Inbox' }).waitFor({ timeout: 120_000 });
    await page
      .getByText('Loading', { exact: true })
      .first()
      .waitFor({ state: 'detached', timeout: 120_000 });
  });
}
