import type { Recourse, TakenCase } from '@recourse/sdk';
import { newCaseKey } from '@recourse/sdk/case';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { advance } from '../sample-case.ts';
import { axeFlaws } from '../browser/axe.ts';
import { choose } from './keyboard.ts';
import { caseCodeFor, creatorsOf, reviewerOf } from './members.ts';
import { DeskHome } from './desk-home.ts';
import type { Desk } from './open-desk.ts';
import { completeForm, prefilledForm } from './record-form.ts';
import { hostile } from './review-story.ts';
import { tick } from './tick.ts';

const marker = 'the-evidence-in-clear-7f3a';
const evidence = `view,device\n1,${marker}\n`;
const email = 'desk.story@mail.example';

let at: DeskHome;
let colleague: Desk;
let tubely: Desk;
let marketo: Desk;
let reviewer: Recourse;
let taken: TakenCase;

beforeAll(async () => {
  at = await DeskHome.start();
  colleague = await at.openDesk({ of: 'Tubely', role: 'trust', label: 'Colleague' });
  tubely = await at.openDesk({ of: 'Tubely', role: 'trust' });
  marketo = await at.openDesk({ of: 'Marketo', role: 'trust' });
  reviewer = await reviewerOf(at.server);
}, 240_000);
afterAll(() => at?.close());

const go = (desk: Desk, path: string): Promise<unknown> =>
  desk.page.goto(`${at.server.url}/desk/#${path}`);
const press = (desk: Desk, name: string | RegExp): Promise<void> =>
  desk.page.getByRole('button', { name }).click();

describe('a record, from its form to its recall, at two desks', () => {
  test('the form is prefilled by a link, shows what each side will read, and says what is missing', async () => {
    const { page } = tubely;
    await go(tubely, prefilledForm({ email, now: new Date() }));
    await page.getByRole('heading', { name: 'What the creator will read' }).waitFor();
    await press(tubely, 'Sign and record');
    const fault = (text: string) => page.locator('.react-aria-FieldError', { hasText: text });
    await fault('Say where this came from.').waitFor();
    expect(await fault('Say when control was proven.').count()).toBe(1);
    expect(await axeFlaws(page)).toEqual([]);
  });

  test('is signed and recorded, and the notice is sent by the registry', async () => {
    const { page } = tubely;
    await completeForm(page, new Date(), evidence);
    await press(tubely, 'Sign and record');
    await page.getByRole('heading', { name: 'Notice to the creator' }).waitFor({ timeout: 60_000 });
    await press(tubely, 'Have the registry write');
    const done = page.getByText('Nothing is owed');
    await done.waitFor({ timeout: 60_000 });
    expect(await done.isVisible()).toBe(true);
  });

  test('another platform is told of it after the hold, in words', async () => {
    await advance(at.server, 7 * 86_400);
    const { page } = marketo;
    await go(marketo, '/trust/check');
    await choose(page, 'Purpose', 'Monetisation');
    await page.getByRole('textbox', { name: 'Identifier' }).fill(email);
    await page.getByRole('textbox', { name: 'Your own case id' }).fill('house-case-0001-abcd');
    await press(marketo, 'Check');
    await page.getByText('Tubely signed:').waitFor({ timeout: 60_000 });
    expect(await page.getByText(/Closed until/).count()).toBeGreaterThan(0);
    expect(await axeFlaws(page)).toEqual([]);
    await tick(page.getByRole('radio', { name: /^Admitted$/ }));
    await press(marketo, 'Report the outcome');
    await page.getByText(/^Reported: /).waitFor();
  });

  test("the creator's words stand beside the record as text, whatever they hold", async () => {
    const code = await caseCodeFor(at.server, email);
    const cases = creatorsOf(at.server);
    const key = newCaseKey();
    await cases.claim({ code, newKey: key });
    await cases.call('appeal', { key, ground: 'facts-wrong', words: hostile, language: 'en' });
    taken = await reviewer.review.take();
    await go(tubely, '/trust/inbox');
    // The inbox asks again each minute: whoever does not wait loads the page again.
    await tubely.page.reload();
    await tubely.page.getByRole('link', { name: 'Deliver evidence' }).click();
    await tubely.page.getByText(hostile).waitFor();
    expect(await tubely.page.evaluate('window.pwned')).toBeUndefined();
  });

  test('a colleague, while its author is away, seals the evidence to the reviewer, who opens what was committed to', async () => {
    await tubely.page.getByText('✓ Fits').waitFor();
    await tubely.page.getByText('Your colleagues can do this').waitFor();
    const { page } = colleague;
    await go(colleague, '/trust/inbox');
    await page.reload();
    await page.getByRole('link', { name: 'Deliver evidence' }).click();
    await page.getByText('A colleague recorded this').waitFor();
    const file = (text: string) => ({
      name: 'views.csv',
      mimeType: 'text/csv',
      buffer: Buffer.from(text),
    });
    await page.locator('input[type=file]').setInputFiles(file('view,device\n'));
    await page.getByText('one changed byte').waitFor();
    await page.locator('input[type=file]').setInputFiles(file(evidence));
    await page.getByText('✓ Fits').waitFor();
    expect(await axeFlaws(page)).toEqual([]);
    await press(colleague, 'Seal and deliver 1 of 1');
    await page.getByRole('cell', { name: 'Delivered' }).waitFor({ timeout: 60_000 });
    const appeal = 'appeal' in taken ? taken.appeal : taken.inspection;
    const [item] = await reviewer.evidence.open(appeal);
    expect(item?.fits).toBe(true);
    await reviewer.evidence.confirm({ appeal });
    const { sanction } = taken;
    const reasons = 'The network was not theirs.';
    const cause = 'insufficient-evidence';
    await reviewer.review.decide({ appeal, sanction, outcome: 'reversed', cause, reasons });
  });

  test('the recall names the own reference, and is acknowledged by a legal choice', async () => {
    const { page } = marketo;
    await go(marketo, '/trust/recalls');
    await page.reload();
    await page.getByRole('link', { name: 'house-case-0001-abcd' }).click();
    await tick(page.getByRole('radio', { name: 'Undone' }));
    await tick(page.getByRole('radio', { name: 'Deleted' }));
    await press(marketo, 'Sign and acknowledge');
    const done = page.getByText('Acknowledged: undone');
    await done.waitFor();
    expect(await done.isVisible()).toBe(true);
  });
});

describe('what was never sent, and never complained about', () => {
  test('the evidence in clear left no browser', () => {
    const sent = [...tubely.sent, ...colleague.sent];
    const bodies = sent.map(({ body }) => body?.toString('latin1') ?? '');
    expect(bodies.some((body) => body.length > 0)).toBe(true);
    const encoded = [0, 1, 2].map((shift) =>
      Buffer.from(' '.repeat(shift) + marker)
        .toString('base64url')
        .slice(4, -4),
    );
    for (const form of [marker, ...encoded]) {
      expect(bodies.filter((body) => body.includes(form))).toEqual([]);
    }
  });

  test('no request went to another origin', () => {
    const origins = new Set(
      [...tubely.sent, ...colleague.sent, ...marketo.sent].map(({ url }) => new URL(url).origin),
    );
    expect([...origins].filter((origin) => origin !== 'null')).toEqual([
      new URL(at.server.url).origin,
    ]);
  });

  test('no page broke its policy or threw', () => {
    const complaints = [tubely, colleague, marketo].flatMap((desk) => desk.complaints);
    expect(complaints).toEqual([]);
  });
});
