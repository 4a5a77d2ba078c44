import type { Page } from 'playwright-core';
import type { Recourse } from '@recourse/sdk';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { advance } from '../sample-case.ts';
import { DeskHome } from './desk-home.ts';
import { typeInstant } from './keyboard.ts';
import { platformOf } from './members.ts';
import type { Desk } from './open-desk.ts';
import { phishing } from './records.ts';
import { ReviewStory } from './review-story.ts';
import { tick } from './tick.ts';

// What is typed about something that is there already: a draft of its own for each appeal, draft, notice and match.
vi.setConfig({ testTimeout: 120_000 });

let at: DeskHome;
let desk: Desk;
let page: Page;
let harbour: Recourse;

beforeAll(async () => {
  at = await DeskHome.start();
  harbour = await platformOf(at.server, 'Harbour');
  desk = await at.openDesk({ of: 'Harbour', role: 'trust' });
  page = desk.page;
}, 240_000);
afterAll(() => at?.close());

const press = (name: string): Promise<void> =>
  page.getByRole('button', { name, exact: true }).click();

const go = (path: string): Promise<void> => at.go(page, path);

/** Leaves by the menu and comes Back, twice, with the lock between. */
async function leaveAndReturn(): Promise<void> {
  await page.getByRole('navigation').getByRole('link', { name: 'Inbox' }).click();
  await page.getByRole('heading', { level: 1, name: 'Inbox' }).waitFor();
  await press('Lock');
  await page.getByLabel('Passphrase').fill('sandbox-passphrase');
  await press('Unlock');
  await page.getByRole('heading', { level: 1, name: 'Inbox' }).waitFor();
  await page.goBack();
}

/** What the store has, by name. */
const draftsHere = (): Promise<string[]> =>
  page.evaluate(`new Promise((resolve) => {
    indexedDB.open('recourse-desk').onsuccess = ({ target }) => {
      const all = target.result.transaction('kept').objectStore('kept').getAllKeys();
      all.onsuccess = () => {
        resolve(all.result.filter((key) => key.includes('/drafts/')).map((key) => key.split('/drafts/')[1]));
        target.result.close();
      };
    };
  })`);
const untilDrafts = () => expect.poll(draftsHere, { timeout: 30_000 });

interface Typing {
  readonly what: string;
  readonly begin: () => Promise<string>;
  readonly label: string | RegExp;
  /** Its button, and what is shown once it was sent */
  readonly send: string;
  readonly sent: string;
  readonly text: string;
}

const typings: Typing[] = [
  {
    what: 'why a record stands',
    begin: async () => `/trust/appeals/${(await (await ReviewStory.begin(at)).appeal()).appeal}`,
    label: 'Why it is right',
    text: 'The login page was hosted for a week.',
    send: 'Stand',
    sent: 'You stand by the record',
  },
  {
    what: 'why a draft goes back',
    begin: async () => {
      const input = phishing('gives.back@mail.example', new Date());
      return `/trust/drafts/${(await harbour.sanctions.draft(input)).sanction}`;
    },
    label: /what should change/,
    text: 'The capture is of another domain.',
    send: 'Return it',
    sent: 'Returned to its author',
  },
  {
    what: 'the addresses of a notice',
    begin: async () => {
      const input = phishing('told.by.hand@mail.example', new Date());
      return `/trust/notice/${(await harbour.sanctions.submit(input)).sanction}`;
    },
    label: 'Email addresses and phone numbers of the record',
    text: 'told.by.hand@mail.example',
    send: 'Have the registry write',
    sent: 'Nothing is owed',
  },
];

describe('what is typed of something that is there', () => {
  test.each(typings)(
    '$what outlives the menu, the lock and Back, and goes when it was sent',
    async (typing) => {
      const path = await typing.begin();
      await go(path);
      const field = page.getByRole('textbox', { name: typing.label });
      await field.fill(typing.text);
      await leaveAndReturn();
      await expect.poll(() => field.inputValue(), { timeout: 30_000 }).toBe(typing.text);
      const id = path.split('/').at(-1) ?? '';
      await untilDrafts().toContainEqual(expect.stringContaining(id));
      await press(typing.send);
      await page.getByText(typing.sent).first().waitFor();
      await untilDrafts().not.toContainEqual(expect.stringContaining(id));
    },
  );

  test('when a match was reviewed outlives them too, and the outcome is chosen anew', async () => {
    const asked = { purpose: 'monetisation' } as const;
    const { matches } = await harbour.check({ email: 'clips.factory@mail.example' }, asked);
    const offset = await advance(at.server, 1_200);
    await go(`/trust/matches/${matches[0]?.match ?? ''}`);
    const outcome = page.getByRole('radio', { name: /^Admitted with safeguards/ });
    const reviewed = page.getByRole('group', { name: 'A person of your team reviewed it' });
    await tick(outcome);
    const when = new Date(Date.now() + offset * 1000 - 60_000);
    await typeInstant(page, 'A person of your team reviewed it', when);
    const typed = await reviewed.textContent();
    await leaveAndReturn();
    await outcome.waitFor();
    expect(await page.getByRole('radio', { checked: true }).count()).toBe(0);
    await tick(outcome);
    await expect.poll(() => reviewed.textContent(), { timeout: 30_000 }).toBe(typed);
  });
});

test('no page broke its policy or threw', () => {
  expect(desk.complaints).toEqual([]);
});
