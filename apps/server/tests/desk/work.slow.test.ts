import { findInTables } from '@recourse/testkit';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { flawsInEachLook } from '../browser/axe.ts';
import { DeskHome } from './desk-home.ts';
import { choose, typeInstant } from './keyboard.ts';
import { platformOf } from './members.ts';
import type { Desk } from './open-desk.ts';
import { phishing } from './records.ts';
import { tick } from './tick.ts';

vi.setConfig({ testTimeout: 120_000 });

// Who has which row of the inbox, and who stands in for whom.

let at: DeskHome;
let admin: Desk;
let analyst: Desk;

/** Where each record stands */
const records: string[] = [];
const ref = (nth: number): string => `house-case-2026-00041${nth}`;

/** Two people of Tubely, and three records whose creators nobody told yet. */
beforeAll(async () => {
  at = await DeskHome.start();
  admin = await at.openDesk({ of: 'Tubely', role: 'trust', admin: true, label: 'Amina' });
  analyst = await joining();
  const tubely = await platformOf(at.server, 'Tubely');
  for (const nth of [1, 2, 3]) {
    const email = `work.${nth}@mail.example`;
    const { sanction } = await tubely.sanctions.submit(
      phishing(email, new Date(), { ref: ref(nth) }),
    );
    records.push(`/trust/records/${sanction}`);
  }
  await nameAnalyst('Ben Okoro');
}, 300_000);
afterAll(() => at?.close());

/** Somebody whom the administrator invites and adds, so that they are a person of their own. */
async function joining(): Promise<Desk> {
  const { page } = admin;
  await at.go(page, '/trust/people');
  await choose(page, 'Whom', 'Somebody new');
  await button(page, 'Make an invite').click();
  const link = await page.getByText(/#\/enrol\?invite=/).innerText();
  return at.openBy(`${link.split('invite=')[1]}&name=Ben`, async () => {
    await at.go(page, '/trust/people');
    await button(page, 'It is the same: add it').click();
    await answered(page, /^Added: the key/);
  });
}

async function nameAnalyst(name: string): Promise<void> {
  const { page } = admin;
  const key = await keyOf(analyst);
  await at.go(page, '/trust/people');
  await page
    .locator('tbody tr', { hasText: key })
    .getByRole('link', { name: 'Name this person' })
    .click();
  await page.getByRole('textbox', { name: 'Name' }).fill(name);
  await button(page, 'Save the name').click();
  await answered(page, /^Named: /);
}

const keyOf = ({ page }: Desk): Promise<string> => page.locator('.acting code').innerText();
const button = (page: Page, name: string | RegExp): Locator => page.getByRole('button', { name });
const answered = (page: Page, text: RegExp): Promise<void> =>
  page.locator('main > [role=status]').getByText(text).waitFor();
const rowOf = (page: Page, nth: number): Locator =>
  page.locator('[data-row]', { hasText: ref(nth) });
/** Who has a row, as the inbox says it anew. */
async function keeper(page: Page, nth: number): Promise<string> {
  const cell = rowOf(page, nth).locator('.keeper');
  await cell.filter({ hasNotText: '…' }).waitFor();
  return cell.innerText();
}
const inbox = (page: Page): Promise<void> => at.go(page, '/trust/inbox');
const pick = (page: Page, nth: number): Promise<void> =>
  tick(rowOf(page, nth).getByRole('checkbox'));
const shown = async (page: Page): Promise<number[]> =>
  (await page.locator('[data-row]').allInnerTexts()).flatMap((text) =>
    [1, 2, 3].filter((nth) => text.includes(ref(nth))),
  );

test('an analyst takes rows of the inbox, and every colleague sees who has them', async () => {
  const { page } = analyst;
  await inbox(page);
  expect(await keeper(page, 1)).toBe('Nobody has it');
  await pick(page, 1);
  await pick(page, 2);
  await button(page, 'Take (2)').click();
  await answered(page, /^Taken: 2 rows are yours/);
  await expect.poll(() => keeper(page, 1)).toBe('You have it');
  expect(await page.getByText('rows chosen').count()).toBe(0);
  await inbox(admin.page);
  expect(await keeper(admin.page, 2)).toBe('Ben Okoro has it');
  expect(await keeper(admin.page, 3)).toBe('Nobody has it');
  expect(await flawsInEachLook(admin.page)).toEqual([]);
});

test('a list shows the own rows or those of nobody, stays so, and acts on what it shows alone', async () => {
  const { page } = analyst;
  await inbox(page);
  await pick(page, 3);
  await button(page, 'Mine').click();
  await expect.poll(async () => (await shown(page)).toSorted()).toEqual([1, 2]);
  expect(await page.getByText('row chosen').count()).toBe(0);
  await page.getByRole('navigation').getByRole('link', { name: 'Standing' }).click();
  await page.getByRole('heading', { name: 'Standing', level: 1 }).waitFor();
  await page
    .getByRole('navigation')
    .getByRole('link', { name: /^Inbox/ })
    .click();
  await expect.poll(async () => (await shown(page)).toSorted()).toEqual([1, 2]);
  await button(page, 'Nobody’s').click();
  await expect.poll(async () => (await shown(page)).toSorted()).toEqual([3]);
  expect(await button(page, 'Nobody’s').getAttribute('aria-pressed')).toBe('true');
});

test('a row is given to a colleague by name, and given back', async () => {
  const { page } = admin;
  await inbox(page);
  await pick(page, 3);
  await button(page, 'Give to a colleague (1)').click();
  expect(await button(page, 'Give 1 row').isDisabled()).toBe(true);
  await choose(page, 'Colleague', 'Ben Okoro');
  expect(await flawsInEachLook(page)).toEqual([]);
  await button(page, 'Give 1 row to Ben Okoro').click();
  await answered(page, /^Given: 1 row is with Ben Okoro/);
  await inbox(analyst.page);
  await button(analyst.page, 'Mine').click();
  await expect.poll(async () => (await shown(analyst.page)).toSorted()).toEqual([1, 2, 3]);
  await pick(analyst.page, 3);
  await button(analyst.page, 'Give back (1)').click();
  await answered(analyst.page, /^Given back: 1 row is nobody’s/);
  await expect.poll(async () => (await shown(analyst.page)).toSorted()).toEqual([1, 2]);
});

test('a row that a colleague took meanwhile is shown as theirs before it is taken again', async () => {
  await inbox(admin.page);
  await inbox(analyst.page);
  await pick(admin.page, 3);
  await pick(analyst.page, 3);
  await button(admin.page, 'Take (1)').waitFor();
  await button(analyst.page, 'Take (1)').click();
  await answered(analyst.page, /^Taken: 1 row is yours/);
  await button(admin.page, 'Take (1)').click();
  await admin.page.getByText('A colleague changed this meanwhile').first().waitFor();
  await expect.poll(() => keeper(admin.page, 3)).toBe('Ben Okoro has it');
  await button(admin.page, 'Take (1)').click();
  await answered(admin.page, /^Taken: 1 row is yours/);
  await expect.poll(() => keeper(admin.page, 3)).toBe('You have it');
});

const comment = (page: Page): Locator => page.getByRole('textbox', { name: 'Comment' });
const words = 'Ask at Quillfeather Street first.';

test('what is typed about a record waits there, and at no other record', async () => {
  const { page } = analyst;
  await at.go(page, records[0]!);
  await comment(page).fill(`Ask\tthem`);
  await page.locator('[data-field=comment]').getByText('This holds an invisible mark').waitFor();
  await comment(page).fill('Ask at');
  await page.getByText('Your draft is kept').waitFor();
  await at.go(page, records[1]!);
  expect(await comment(page).inputValue()).toBe('');
  await at.go(page, records[0]!);
  await expect.poll(() => comment(page).inputValue()).toBe('Ask at');
});

test('a comment on a record is read by colleagues there and in their inbox', async () => {
  const { page } = analyst;
  await comment(page).fill(words);
  await button(page, 'Keep the comment').click();
  await answered(page, new RegExp(`^Kept: your comment on ${ref(1)}`));
  expect(await flawsInEachLook(page)).toEqual([]);
  await inbox(admin.page);
  expect(await keeper(admin.page, 1)).toMatch(new RegExp(`^Ben Okoro has it\\s+“${words}”$`));
  await at.go(admin.page, records[0]!);
  await admin.page.getByText('Last changed by Ben Okoro').waitFor();
});

test('a comment that a colleague wrote meanwhile is shown, and what was typed is there still', async () => {
  await comment(analyst.page).fill('Asked: they answer on Monday.');
  await comment(admin.page).fill('I know them.');
  await button(analyst.page, 'Keep the comment').click();
  await analyst.page.getByText('“Asked: they answer on Monday.”').waitFor();
  await button(admin.page, 'Keep the comment').click();
  await admin.page.getByText('A colleague changed this meanwhile').first().waitFor();
  await admin.page.getByText('“Asked: they answer on Monday.”').waitFor();
  expect(await comment(admin.page).inputValue()).toBe('I know them.');
  await button(admin.page, 'Take the comment away').click();
  await answered(admin.page, /^Taken away: the comment on /);
  await inbox(admin.page);
  expect(await keeper(admin.page, 1)).toBe('Ben Okoro has it');
});

test('a deputy has the rows of whoever is away, until they are back', async () => {
  const { page } = analyst;
  const [today, later] = [new Date(), new Date(Date.now() + 3 * 86_400_000)];
  await at.go(page, '/trust/people');
  await typeInstant(page, 'First day', later);
  await typeInstant(page, 'Last day', today);
  await page.getByText('Choose a day that is not before the first one.').first().waitFor();
  expect(await button(page, 'Say that I am away').isDisabled()).toBe(true);
  await typeInstant(page, 'First day', today);
  await typeInstant(page, 'Last day', later);
  await choose(page, 'Who has the rows meanwhile', new RegExp(await keyOf(admin)));
  expect(await flawsInEachLook(page)).toEqual([]);
  await button(page, 'Say that I am away').click();
  await answered(page, /^Kept: a colleague without a name has your rows from /);
  await page.getByRole('listitem').filter({ hasText: 'You, from' }).waitFor();
  await inbox(admin.page);
  await button(admin.page, 'Mine').click();
  await expect.poll(async () => (await shown(admin.page)).toSorted()).toEqual([1, 2, 3]);
  expect(await keeper(admin.page, 1)).toMatch(/^You have it for Ben Okoro, who is away$/);
  await button(page, 'I am back: end my absence').click();
  await answered(page, /^Ended: your rows are yours again/);
  await page.getByText('Nobody said that they are away.').waitFor();
  await inbox(admin.page);
  await button(admin.page, 'Mine').click();
  await expect.poll(async () => (await shown(admin.page)).toSorted()).toEqual([3]);
});

test('a colleague says for whoever fell ill that they are away, and who has their rows', async () => {
  const { page } = admin;
  const [today, later] = [new Date(), new Date(Date.now() + 3 * 86_400_000)];
  await at.go(page, '/trust/people');
  await choose(page, 'Who is away', 'Ben Okoro');
  await typeInstant(page, 'First day', today);
  await typeInstant(page, 'Last day', later);
  await choose(page, 'Who has the rows meanwhile', 'Ben Okoro');
  await page.getByText('Choose somebody who is there.').first().waitFor();
  expect(await button(page, 'Say that Ben Okoro is away').isDisabled()).toBe(true);
  await choose(page, 'Who has the rows meanwhile', 'You');
  await button(page, 'Say that Ben Okoro is away').click();
  await answered(page, /^Kept: you have the rows of Ben Okoro from /);
  await inbox(page);
  expect(await keeper(page, 1)).toBe('You have it for Ben Okoro, who is away');
  await at.go(page, '/trust/people');
  await button(page, 'End the absence of Ben Okoro').click();
  await answered(page, /^Ended: the rows of Ben Okoro are theirs again/);
  await page.getByText('Nobody said that they are away.').waitFor();
});

test('who joins later is told how it opens, and knows who has what once a colleague looked', async () => {
  const later = await joining();
  await inbox(later.page);
  expect(await keeper(later.page, 1)).toBe('Who has it is not open to you yet');
  await at.go(later.page, records[0]!);
  await later.page.getByText('Who has which row is not open to you yet').waitFor();
  expect(await comment(later.page).count()).toBe(0);
  expect(await flawsInEachLook(later.page)).toEqual([]);
  await inbox(analyst.page);
  await keeper(analyst.page, 1);
  const read = async (): Promise<string> => {
    await inbox(later.page);
    return keeper(later.page, 1);
  };
  await expect.poll(read, { timeout: 60_000 }).toMatch(/^(?:Ben Okoro|A colleague).* has it$/);
  expect(later.complaints).toEqual([]);
});

test('the rows of whoever left are nobody’s, and say whose they were', async () => {
  const { page } = admin;
  await at.go(page, '/trust/people');
  await page
    .locator('tbody tr', { hasText: await keyOf(analyst) })
    .getByRole('button', { name: 'Revoke', exact: true })
    .click();
  await tick(page.getByRole('radio', { name: /^Nobody uses it/ }));
  await button(page, 'Revoke it').click();
  await answered(page, /^Revoked: /);
  await inbox(page);
  await expect
    .poll(() => keeper(page, 1), { timeout: 60_000 })
    .toBe('Nobody has it: it was with Ben Okoro, who left');
  await button(page, 'Nobody’s').click();
  await expect.poll(async () => (await shown(page)).toSorted()).toEqual([1, 2]);
});

test('no comment left a desk, or reached a table, in clear or as its bytes', async () => {
  const sent = [admin, analyst].flatMap((desk) => desk.sent.map(({ body }) => body));
  expect(sent.filter((body) => body?.includes('Quillfeather'))).toEqual([]);
  const { tables, read } = await findInTables(at.database.handles().ownerDb, 'Quillfeather');
  expect(tables).toEqual([]);
  expect(read.tables).toBeGreaterThan(90);
});

test('nothing broke the policy or threw', () => {
  expect([...admin.complaints, ...analyst.complaints]).toEqual([]);
});
