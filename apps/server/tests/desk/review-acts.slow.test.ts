import { randomBytes } from 'node:crypto';
import { toBase64url, type Id } from '@recourse/protocol';
import type { Page } from 'playwright-core';
import type { Recourse } from '@recourse/sdk';
import { newCaseKey } from '@recourse/sdk/case';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { DeskHome } from './desk-home.ts';
import { creatorsOf, platformOf, votersOf } from './members.ts';
import type { Desk } from './open-desk.ts';
import { recordAndTell } from './records.ts';
import { tick } from './tick.ts';

// Whole cases are tests here, on a machine that may be busy.
vi.setConfig({ testTimeout: 240_000 });

let at: DeskHome;
let harbour: Recourse;
let marketo: Recourse;
let first: Desk;
let second: Desk;

beforeAll(async () => {
  at = await DeskHome.start();
  harbour = await platformOf(at.server, 'Harbour');
  marketo = await platformOf(at.server, 'Marketo');
  first = await at.openDesk({ of: 'Review panel', role: 'reviewer' });
  second = await at.openDesk({ of: 'Review panel', role: 'reviewer', nth: 1 });
}, 240_000);
afterAll(() => at?.close());

async function go({ page }: Desk, path: string): Promise<Page> {
  await at.go(page, path);
  return page;
}
const press = (page: Page, name: string | RegExp): Promise<void> =>
  page.getByRole('button', { name }).click();

/** The green sentence after an act. */
const answered = (page: Page, text: RegExp): Promise<void> =>
  page.locator('main > [role=status]').getByText(text).waitFor();

async function appeal(caseCode: string, words: string): Promise<string> {
  const cases = creatorsOf(at.server);
  const key = newCaseKey();
  await cases.claim({ code: caseCode, newKey: key });
  const ground = 'facts-wrong' as const;
  const { result } = await cases.call('appeal', { key, ground, words, language: 'en' });
  return result.appeal;
}

async function take(desk: Desk): Promise<Page> {
  const page = await go(desk, '/review/queue');
  await press(page, 'Next case');
  await answered(page, /^Yours: an appeal, “The facts are wrong”. Decide it by/);
  await press(page, 'I know nobody concerned');
  await page.getByRole('heading', { name: 'The creator', exact: true }).waitFor();
  return page;
}

async function decide(page: Page, outcome: RegExp, reasons: string): Promise<void> {
  await press(page, 'Go to the decision');
  await tick(page.getByRole('radio', { name: outcome }));
  const cause = page.getByRole('radio', { name: 'An error of the platform' });
  if ((await cause.count()) > 0) await tick(cause);
  const tie = page.getByRole('textbox', { name: /^What ties this creator/ });
  if ((await tie.count()) > 0) await tie.fill('Nothing: the page is another.');
  await page.getByRole('textbox', { name: 'Reasons' }).fill(reasons);
  await press(page, /^Check/);
  await press(page, 'Sign and send');
}

test('relief suspends the record until the day that the reviewer chose', async () => {
  const { sanction, caseCode } = await recordAndTell(harbour, 'relief@mail.example');
  await appeal(caseCode, 'It was not me.');
  const page = await take(first);
  await press(page, 'Relief while you look');
  await press(page, 'Suspend the record');
  await answered(page, /^Suspended: the record of the appeal against “Phishing.* of Harbour/);
  await page.getByText('The record is suspended').waitFor();
  expect(await page.getByRole('button', { name: 'Suspend the record' }).count()).toBe(0);
  const { result } = await harbour.call('sanctions.get', { sanction });
  expect(result.state).toBe('suspended');
  await decide(page, /^Reverse/, 'The page belongs to a security course.');
  await answered(page, /^Decided: reversed. This closes the appeal against “Phishing.* of Harbour/);
  const queue = page.getByRole('navigation').getByRole('link', { name: /^Queue/ });
  expect(await queue.textContent()).toBe('Queue');
});

test('an item is destroyed once somebody said what is wrong with it, and its button names the item', async () => {
  const source = Buffer.from('<p>The address of a stranger</p>');
  const evidence = [{ class: 'captured-artefact' as const, source }];
  const told = await recordAndTell(harbour, 'destroyed@mail.example', { evidence });
  const id = await appeal(told.caseCode, 'It was not me.');
  const page = await take(first);
  const opening = told.evidence[0]!;
  await harbour.evidence.deliver({
    appeal: id as Id<'apl'>,
    evidence: [{ source, opening }],
  });
  await press(page, 'Open the evidence again');
  await press(page, 'Something is wrong with item 1');
  const destroy = page.getByRole('button', { name: 'Destroy item 1' });
  expect(await destroy.isDisabled()).toBe(true);
  expect(await page.getByRole('radio').count()).toBe(2);
  await tick(page.getByRole('radio', { name: /^It holds data of somebody else/ }));
  await destroy.click();
  await answered(page, /^Destroyed: item 1 in the appeal against “Phishing.* of Harbour/);
  await page.getByText('Destroyed: third party data').waitFor();
  await decide(page, /^Reverse/, 'The page belongs to a security course.');
  await answered(page, /^Decided: reversed/);
});

test('two reviewers vote on an identifier that may have changed hands', async () => {
  const value = 'clips.factory@mail.example';
  await marketo.check({ email: value }, { purpose: 'monetisation' });
  const since = new Date(Date.now() - 2 * 86_400_000);
  await marketo.subjects.challenge({ kind: 'email', value, since });
  const voters = await votersOf(at.server);
  expect(voters).toHaveLength(2);
  for (const { nth } of voters) {
    const opened = await at.openDesk({ of: 'Review panel', role: 'reviewer', nth });
    const page = await go(opened, '/review/queue');
    await page.getByRole('link', { name: 'An identifier that may have changed hands' }).click();
    await tick(page.getByRole('radio', { name: /^Detach/ }));
    await page.getByRole('textbox', { name: 'Reasons' }).fill('The address was given to another.');
    await press(page, 'Check what happens');
    await press(page, 'Sign and send');
    await answered(page, /^Voted: “Detach the identifier from the record” for Tubely/);
    expect(await page.getByRole('textbox', { name: 'Reasons' }).count()).toBe(0);
    expect(opened.complaints).toEqual([]);
    await opened.context.close();
  }
  expect(await votersOf(at.server)).toEqual([]);
});

test('appeals on the same evidence are read once, and each is decided', async () => {
  const salt = toBase64url(randomBytes(32));
  const source = Buffer.from('<p>One page that two accounts hosted</p>');
  const evidence = [{ class: 'captured-artefact' as const, source, salt }];
  const appeals: string[] = [];
  for (const email of ['one.of.two@mail.example', 'two.of.two@mail.example']) {
    const { caseCode } = await recordAndTell(harbour, email, { evidence });
    appeals.push(await appeal(caseCode, `The page of ${email} is another.`));
  }
  const page = await take(first);
  const cases = page.getByRole('navigation', { name: 'Cases that rest on the same evidence' });
  await cases.getByText('(this one)').waitFor();
  expect(await cases.getByRole('link').count()).toBe(1);
  await decide(page, /^Reverse/, 'The page belongs to a school.');
  await page.getByRole('link', { name: 'Next case on the same evidence' }).click();
  await press(page, 'I know nobody concerned');
  await cases.getByText(', done').waitFor();
  await decide(page, /^Reverse/, 'This page belongs to a school, too.');
  await page.getByText('Decided: reversed.').waitFor();
  await page.getByRole('link', { name: 'Back to the queue' }).waitFor();
  const { result } = await harbour.call('appeals.list', { limit: 10 }, { as: 'trust' });
  const outcomes = result.appeals.filter((appeal) => appeals.includes(appeal.appeal));
  expect(outcomes.map(({ outcome }) => outcome)).toEqual(['reversed', 'reversed']);
});

test('nothing broke the policy or threw', () => {
  expect([...first.complaints, ...second.complaints]).toEqual([]);
});
