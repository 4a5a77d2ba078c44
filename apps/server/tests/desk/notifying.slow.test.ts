import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { axeFlaws } from '../browser/axe.ts';
import { DeskHome } from './desk-home.ts';
import { platformOf } from './members.ts';
import type { Desk } from './open-desk.ts';
import { phishing } from './records.ts';

vi.setConfig({ testTimeout: 180_000 });

// A headless browser hides no tab and permits no notification: the page is told it is hidden, and this notes what it shows.
const watching = `{
  window.shown = [];
  window.asked = 0;
  window.Notification = class extends EventTarget {
    static get permission() {
      return localStorage.getItem('permission') ?? 'default';
    }
    static async requestPermission() {
      window.asked++;
      return this.permission;
    }
    constructor(...said) {
      super();
      window.shown.push(said);
      window.latest = this;
    }
    close() {}
  };
}`;
const hide = `{
  Object.defineProperty(document, 'hidden', { get: () => true });
  Object.defineProperty(document, 'visibilityState', { get: () => 'hidden' });
  document.dispatchEvent(new Event('visibilitychange'));
}`;

let at: DeskHome;
let desk: Desk;

beforeAll(async () => {
  at = await DeskHome.start();
  desk = await at.openDesk({ of: 'Tubely', role: 'trust' });
  desk.page.setDefaultTimeout(20_000);
  await desk.context.addInitScript(watching);
}, 180_000);
afterAll(() => at?.close());

const record = async (email: string): Promise<void> => {
  const tubely = await platformOf(at.server, 'Tubely');
  await tubely.sanctions.submit(phishing(email, new Date()));
};
const shown = (): Promise<unknown> => desk.page.evaluate('window.shown');

test('the browser is asked for its permission at the press of the button alone', async () => {
  const { page } = desk;
  await at.go(page, '/trust/people');
  await page.getByText('Off in this browser.').waitFor();
  expect(await page.evaluate('window.asked')).toBe(0);
  await page.getByRole('button', { name: 'Turn notifications on' }).click();
  await page.getByText('Your browser does not allow this desk to notify you.').waitFor();
  expect(await page.evaluate('window.asked')).toBe(1);
  await page.evaluate(`localStorage.setItem('permission', 'granted')`);
  await page.getByRole('button', { name: 'Turn notifications on' }).click();
  await page.getByText('On, for your key in this browser.').waitFor();
  expect(await axeFlaws(page)).toEqual([]);
});

test('the title says how much waits', async () => {
  await record('title@mail.example');
  const { page } = desk;
  await at.go(page, '/trust/inbox');
  const count = await page
    .getByRole('link', { name: /^Inbox/ })
    .locator('.count')
    .innerText();
  expect(Number(count)).toBeGreaterThan(0);
  await expect.poll(() => page.title()).toBe(`(${count}) Inbox – Recourse desk`);
});

test('a hidden tab says that there is work, once, and nothing else', async () => {
  const { page } = desk;
  await page.evaluate(hide);
  await record('hidden.1@mail.example');
  await record('hidden.2@mail.example');
  // The desk asks once a minute.
  await expect
    .poll(shown, { timeout: 120_000 })
    .toEqual([['You have work', { tag: 'recourse-work' }]]);
});

test('a click on it brings the tab to the front', async () => {
  await desk.page.evaluate(`window.focus = () => { window.isFocused = true; }`);
  await desk.page.evaluate(`window.latest.dispatchEvent(new Event('click'))`);
  expect(await desk.page.evaluate('window.isFocused')).toBe(true);
});

test('a locked desk has no count in its title', async () => {
  const { page } = desk;
  await page.getByRole('button', { name: 'Lock' }).click();
  await page.getByLabel('Passphrase').waitFor();
  expect(await page.title()).not.toContain('(');
});

test('who turned it off is told nothing', async () => {
  const { page } = desk;
  await page.getByLabel('Passphrase').fill('sandbox-passphrase');
  await page.getByRole('button', { name: 'Unlock' }).click();
  await page.getByRole('navigation').waitFor();
  await at.go(page, '/trust/people');
  await page.getByRole('button', { name: 'Turn notifications off' }).click();
  await page.getByText('Off in this browser.').waitFor();
  expect(await page.evaluate(`Object.keys(localStorage).join()`)).not.toContain('notifies');
  expect(desk.complaints).toEqual([]);
});
