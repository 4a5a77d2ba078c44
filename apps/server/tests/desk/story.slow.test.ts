import { signerFromJwk, thumbprint } from '@recourse/protocol';
import { connect, memorySealingKeys, type Recourse, type TakenCase } from '@recourse/sdk';
import { caseClient, newCaseKey } from '@recourse/sdk/case';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { axeFlaws } from './axe.ts';
import { choose, typeInstant } from './keyboard.ts';
import { DeskHome, type Desk } from './open-desk.ts';

/** What a creator may write; the desk shows it as text. */
const hostile =
  '<img src=x onerror="window.pwned=1"><script>window.pwned=1</script> It was not me.';
const marker = 'the-evidence-in-clear-7f3a';
const email = 'desk.story@mail.example';
const dayMs = 86_400_000;
const daysAgo = (days: number): Date => new Date(Date.now() - days * dayMs);
const dayText = (at: Date): string => at.toISOString().slice(0, 10);

let at: DeskHome;
let tubely: Desk;
let marketo: Desk;
let reviewer: Recourse;
let taken: TakenCase;

beforeAll(async () => {
  at = await DeskHome.start();
  tubely = await at.openDesk({ of: 'Tubely', role: 'trust' });
  marketo = await at.openDesk({ of: 'Marketo', role: 'trust' });
  const { privateJwk } = at.server.party('Review panel', 'reviewer', true);
  const { body } = await at.server.get('/.well-known/recourse');
  const registry = {
    origin: at.server.origin,
    logKid: thumbprint(body.logKey),
    url: at.server.url,
  };
  const signers = { reviewer: await signerFromJwk(privateJwk) };
  reviewer = connect({ registry, party: 'panel', signers, sealingKeys: memorySealingKeys() });
}, 240_000);
afterAll(() => at?.close());

const go = (desk: Desk, path: string): Promise<unknown> =>
  desk.page.goto(`${at.server.url}/desk/#${path}`);
const press = (desk: Desk, name: string | RegExp): Promise<void> =>
  desk.page.getByRole('button', { name }).click();

async function advanceDays(days: number): Promise<void> {
  const headers = { 'Content-Type': 'application/json' };
  const body = JSON.stringify({ advanceSeconds: days * 86_400 });
  expect((await at.server.post('/sandbox/clock', body, { headers })).status).toBe(200);
}

async function caseCodeFromMail(): Promise<string> {
  const { body } = await at.server.get('/sandbox/outbox');
  const mails = body.mails as { to: string; text: string }[];
  const mail = mails.find(({ to }) => to === email);
  return /case#([0-9a-z-]+)/.exec(mail?.text ?? '')?.[1] ?? '';
}

describe('a record, from its form to its recall, at two desks', () => {
  test('the form is prefilled by a link, shows what each side will read, and says what is missing', async () => {
    const { page } = tubely;
    const search = new URLSearchParams({
      reason: 'fraud.payout',
      action: 'monetisation-ended',
      email,
      incidentFrom: dayText(daysAgo(20)),
      incidentTo: dayText(daysAgo(10)),
      decidedAt: dayText(daysAgo(5)),
      facts: 'Nine in ten paid views came from one rented network of devices.',
    });
    await go(tubely, `/trust/new?${search.toString()}`);
    await page.getByRole('heading', { name: 'What the creator will read' }).waitFor();
    await press(tubely, 'Sign and record');
    await page.getByText('Say where this came from.').waitFor();
    expect(await page.getByText('Say when control was proven.').count()).toBe(1);
    expect(await axeFlaws(page)).toEqual([]);
  });

  test('is signed and recorded, and the notice is sent by the registry', async () => {
    const { page } = tubely;
    await typeInstant(page, 'When control was proven', daysAgo(12));
    await page.locator('input[type=file]').setInputFiles({
      name: 'views.csv',
      mimeType: 'text/csv',
      buffer: Buffer.from(`view,device\n1,${marker}\n`),
    });
    await page.getByRole('radio', { name: 'Our own detection' }).check({ force: true });
    await page.getByRole('radio', { name: 'Adult' }).check({ force: true });
    for (const box of await page.getByRole('checkbox').all()) await box.check({ force: true });
    await press(tubely, 'Sign and record');
    await page.getByRole('heading', { name: 'Notice to the creator' }).waitFor({ timeout: 60_000 });
    await press(tubely, 'Have the registry write');
    const done = page.getByText('Nothing is owed');
    await done.waitFor({ timeout: 60_000 });
    expect(await done.isVisible()).toBe(true);
  });

  test('another platform is told of it after the hold, in words', async () => {
    await advanceDays(7);
    const { page } = marketo;
    await go(marketo, '/trust/check');
    await choose(page, 'Purpose', 'Monetisation');
    await page.getByRole('textbox', { name: 'Identifier' }).fill(email);
    await page.getByRole('textbox', { name: 'Your own case id' }).fill('house-case-0001-abcd');
    await press(marketo, 'Check');
    await page.getByText('Tubely signed:').waitFor({ timeout: 60_000 });
    expect(await page.getByText(/Closed until/).count()).toBeGreaterThan(0);
    expect(await axeFlaws(page)).toEqual([]);
    await page.getByRole('radio', { name: /^Admitted$/ }).check({ force: true });
    await press(marketo, 'Report the outcome');
    await page.getByText('Reported').waitFor();
  });

  test("the creator's words stand beside the record as text, whatever they hold", async () => {
    const code = await caseCodeFromMail();
    const cases = caseClient({ url: at.server.url, origin: at.server.origin });
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

  test('evidence is sealed to the reviewer, who opens what was committed to', async () => {
    const { page } = tubely;
    await page.getByText('✓ Fits').waitFor();
    await press(tubely, 'Seal and deliver 1 of 1');
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
    await page.getByRole('radio', { name: 'Undone' }).check({ force: true });
    await press(marketo, 'Sign and acknowledge');
    const done = page.getByText('Acknowledged: undone');
    await done.waitFor();
    expect(await done.isVisible()).toBe(true);
  });
});

describe('what was never sent, and never complained about', () => {
  test('the evidence in clear left no browser', () => {
    const bodies = tubely.sent.map(({ body }) => body?.toString('latin1') ?? '');
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
      [...tubely.sent, ...marketo.sent].map(({ url }) => new URL(url).origin),
    );
    expect([...origins].filter((origin) => origin !== 'null')).toEqual([
      new URL(at.server.url).origin,
    ]);
  });

  test('no page broke its policy or threw', () => {
    expect([...tubely.complaints, ...marketo.complaints]).toEqual([]);
  });
});
