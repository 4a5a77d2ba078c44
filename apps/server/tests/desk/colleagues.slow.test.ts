import { signerFromJwk, type PartyId } from '@recourse/protocol';
import { buildSubmission, type TestKey } from '@recourse/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { axeFlaws } from '../browser/axe.ts';
import { DeskHome } from './desk-home.ts';

// Colleagues of one platform: who may only read states, and who gives a draft back.

let at: DeskHome;
beforeAll(async () => {
  at = await DeskHome.start();
}, 240_000);
afterAll(() => at?.close());

test('support reads the states of records, and no reason', async () => {
  const { page, complaints } = await at.openDesk({ of: 'Harbour', role: 'support' });
  await page.getByRole('heading', { name: 'States of records' }).waitFor();
  await page.getByRole('cell', { name: 'Visible' }).first().waitFor();
  expect(await page.locator('main').textContent()).not.toMatch(/phishing|scam|fraud/i);
  const links = page.getByRole('navigation').getByRole('link');
  expect(await links.allTextContents()).toEqual(['States', 'Keys and people']);
  const [record] = await page.locator('tbody code').allTextContents();
  await page.getByLabel('Reference or record id').fill(record ?? '');
  await page.getByRole('button', { name: 'Find' }).click();
  await page.getByText('Records that fit').waitFor();
  // The rows of before stand until the answer is there.
  await expect.poll(() => page.locator('tbody tr').count(), { timeout: 60_000 }).toBe(1);
  expect(await axeFlaws(page)).toEqual([]);
  expect(complaints).toEqual([]);
}, 120_000);

test('a draft goes back to its author with a reason', async () => {
  const sanction = await drafted();
  const { page, complaints } = await at.openDesk({ of: 'Harbour', role: 'trust' });
  await at.go(page, '/trust/drafts');
  await page.locator(`a[href$="/trust/drafts/${sanction}"]`).click();
  await page.getByText('Hosted a copy of a bank login page.').waitFor();
  await page.getByLabel('what should change').fill('The capture is of another domain.');
  await page.getByRole('button', { name: 'Return it' }).click();
  await page.getByText('Returned to its author').waitFor();
  await page.getByText('The capture is of another domain.').waitFor();
  expect(await axeFlaws(page)).toEqual([]);
  await at.go(page, '/trust/drafts');
  await page.getByText('No draft waits.').waitFor();
  await page.getByRole('heading', { name: 'Returned' }).waitFor();
  expect(complaints).toEqual([]);
}, 120_000);

/** By the trust analyst of Harbour, who is not its administrator. */
async function drafted(): Promise<string> {
  const { server } = at;
  const { privateJwk, ...party } = server.party('Harbour', 'trust');
  const signedBy = {
    ...party,
    party: party.party as PartyId,
    privateJwk,
    signer: await signerFromJwk(privateJwk),
  } as unknown as TestKey;
  const now = new Date();
  const input = await buildSubmission({ signedBy, audience: server.origin, now });
  const { body, text } = await server.call(
    server.party('Harbour', 'service'),
    'sanctions.draft',
    input,
  );
  if (body.result === undefined) throw new Error(text);
  return body.result.sanction;
}
