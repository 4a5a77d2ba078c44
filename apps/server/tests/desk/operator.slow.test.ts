import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { axeFlaws } from '../browser/axe.ts';
import { DeskHome } from './desk-home.ts';
import { typeInstant } from './keyboard.ts';
import type { Desk } from './open-desk.ts';

let at: DeskHome;
let first: Desk;
let second: Desk;

beforeAll(async () => {
  at = await DeskHome.start();
  first = await at.openDesk({ of: 'Operator', role: 'operator' });
  second = await at.openDesk({ of: 'Operator', role: 'operator', nth: 1 });
}, 240_000);
afterAll(() => at?.close());

const go = async (page: Page, name: string): Promise<void> => {
  await page.getByRole('navigation').getByRole('link', { name, exact: true }).click();
};
const groupOf = async (name: string): Promise<string[]> => {
  const { body } = await at.server.get('/parties');
  const party = body.parties.find((party: { name: string }) => party.name === name);
  return party.membership.groups.map(({ group }: { group: string }) => group);
};

describe('an operator', () => {
  test('sees at the start what somebody has to look at', async () => {
    const { page } = first;
    await page.getByRole('heading', { name: 'Health' }).waitFor();
    await page.getByText('There was none.').waitFor();
    await page.getByText('verified in this browser').waitFor();
    const archive = page.getByRole('row', { name: /^Archive of the database, failing/ });
    expect(await archive.innerText()).toContain('Well');
    await page.getByText('watch your backups elsewhere').waitFor();
    expect(await axeFlaws(page)).toEqual([]);
  }, 60_000);

  test('reminds a platform whose recalls are overdue, at its contact', async () => {
    const { page } = first;
    const { body } = await at.server.get('/parties');
    const [late] = body.parties.filter(({ name }: { name: string }) => name === 'Tubely');
    late.recalls = { open: 1, overdue: 1 };
    await page.route('**/parties', (route) => route.fulfill({ json: body }));
    await page.reload();
    const address = late.registration.contacts.complaints as string;
    const link = page.getByRole('link', { name: `Remind ${address}` });
    await link.waitFor();
    await page.getByText('1 recall overdue').waitFor();
    const letter = new URL((await link.getAttribute('href')) ?? '');
    expect([letter.protocol, letter.pathname]).toEqual(['mailto:', address]);
    expect(letter.searchParams.get('body')).toContain('1 recall of yours is overdue.');
    expect(await axeFlaws(page)).toEqual([]);
    await page.unroute('**/parties');
    await page.reload();
    await page.getByText('verified in this browser').waitFor();
    await link.waitFor({ state: 'detached' });
  }, 60_000);

  test('reads an alarm as a sentence, with the platform whose checks it stopped', async () => {
    const { page } = first;
    const { body } = await at.server.get('/parties');
    const { id } = body.parties.find(({ name }: { name: string }) => name === 'Tubely');
    const { ownerDb } = at.database.handles();
    const counts = { elements: 10_000, expected: 80, empty: 1 };
    const kind = 'looked-without-asking';
    await ownerDb
      .insertInto('alarms')
      .values({ id: 'evt_alarm', kind, counts, at: new Date(), party: id })
      .execute();
    await page.reload();
    const row = page.getByRole('row').filter({ hasText: 'It looked up 10,000 identifiers.' });
    await row.getByRole('link', { name: 'Checks of Tubely are stopped: find the cause' }).waitFor();
    await page.getByText(/parties have \d+ people with \d+ keys/).waitFor();
    expect(await axeFlaws(page)).toEqual([]);
    await ownerDb.deleteFrom('alarms').execute();
    await page.reload();
    await page.getByText('There was none.').waitFor();
  }, 60_000);

  test('moves a platform to another group only with a second operator', async () => {
    const { page } = first;
    await go(page, 'Platforms');
    await page.getByRole('link', { name: 'Tubely' }).click();
    const act = page.locator('section', { hasText: 'Move it to another group' });
    await act.getByLabel('Group').fill('acme');
    await act.getByRole('button', { name: 'Move it to another group' }).click();
    await act.getByText('Proposed. Another operator has to agree.').waitFor();
    expect(await axeFlaws(page)).toEqual([]);
    expect(await groupOf('Tubely')).not.toContain('acme');

    await act.getByRole('link', { name: 'Proposals' }).click();
    await page.getByText('Another operator has to sign it').waitFor();
    expect(await page.getByRole('button', { name: /^Sign/ }).count()).toBe(0);

    await second.page.reload();
    await go(second.page, 'Proposals 1');
    await second.page.getByRole('heading', { name: 'Move it to another group: Tubely' }).waitFor();
    await second.page.getByRole('row', { name: 'Group tubely acme' }).waitFor();
    expect(await axeFlaws(second.page)).toEqual([]);
    await second.page.getByRole('button', { name: 'Sign as the second operator' }).click();
    await second.page
      .getByText('Done: “Move it to another group” for Tubely is carried out')
      .waitFor();
    await second.page.getByText('Nothing waits for a second operator.').waitFor();
    await second.page.getByRole('link', { name: 'Proposals', exact: true }).waitFor();
    expect(await axeFlaws(second.page)).toEqual([]);
    expect(await groupOf('Tubely')).toContain('acme');
  }, 90_000);

  test('reads before signing that an act takes the key of an administrator', async () => {
    const { page } = first;
    await go(page, 'Platforms');
    await page.getByRole('link', { name: 'Tubely' }).click();
    const act = page.locator('section', { hasText: 'Let it leave' });
    await act.getByText('This takes the key of an administrator.').waitFor();
    expect(await act.getByRole('button').count()).toBe(0);
  }, 60_000);

  test('reads at the field which value was refused', async () => {
    const { page } = first;
    await go(page, 'Platforms');
    await page.getByRole('link', { name: 'Tubely' }).click();
    const act = page.locator('section', { hasText: 'Move it to another group' });
    await act.getByLabel('Group').fill('Not A Group');
    await act.getByRole('button', { name: 'Move it to another group' }).click();
    const fault = act.locator('.react-aria-TextField', { hasText: 'does not have the right form' });
    await fault.waitFor();
    await act.getByRole('link', { name: 'Group: This does not have the right form.' }).click();
    expect(await act.getByLabel('Group').evaluate((field) => field.matches(':focus'))).toBe(true);
    await act.getByLabel('Group').fill('not-a-group');
    await act.getByRole('alert').waitFor({ state: 'detached' });
    expect(await fault.count()).toBe(0);
    expect(await groupOf('Tubely')).not.toContain('Not A Group');
  }, 60_000);

  test('lets a platform in by a form, which names the DNS record', async () => {
    const { page } = first;
    await go(page, 'Let a platform in');
    const fill = (label: string, text: string) => page.getByLabel(label).fill(text);
    await fill('Legal name', 'Acme <img src=x onerror=alert(1)>');
    await fill('Domain', 'acme.example');
    await fill('Country of its seat', 'de');
    await page.getByLabel('Group', { exact: true }).fill('acme-2');
    await fill('Owners above 10 %', 'Acme Holding = 80');
    await page.getByText('I looked: no state owns or directs it').click();
    await fill('Published policies', 'https://acme.example/rules');
    await fill('Where creators complain', 'help@acme.example');
    await fill('Contact for data protection', 'dpo@acme.example');
    expect(await axeFlaws(page)).toEqual([]);
    await page.getByRole('button', { name: 'Make the invite' }).click();
    const invite = page.locator('section', { hasText: 'acme.example' });
    await invite.getByText('_recourse.acme.example').waitFor();
    await invite.getByText(/^recourse-registration=[\w-]{43}$/).waitFor();
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await invite.getByRole('button', { name: 'Copy the name' }).click();
    const copied = () => page.evaluate<string>('navigator.clipboard.readText()');
    await expect.poll(copied).toBe('_recourse.acme.example');
    await invite.getByRole('button', { name: 'Copy the value' }).click();
    await expect.poll(copied).toMatch(/^recourse-registration=[\w-]{43}$/);
    await page.reload();
    await invite.getByText('_recourse.acme.example').waitFor();
    expect(await axeFlaws(page)).toEqual([]);
  }, 90_000);

  test('announces the next key of tokens from what the server has, and chooses the day alone', async () => {
    const { page } = first;
    await go(page, 'Orders and keys');
    const act = page.locator('section', { hasText: 'Announce the next key of tokens' });
    await act.getByText('This server has its secret.').waitFor();
    const key = await act.getByText(/^[\w-]{43}$/).innerText();
    expect(await axeFlaws(page)).toEqual([]);
    await act.getByRole('button', { name: 'Announce the next key of tokens' }).click();
    await act.getByRole('alert').waitFor();
    await typeInstant(page, 'Opens on', new Date(Date.now() + 30 * 86_400_000));
    await act.getByRole('button', { name: 'Announce the next key of tokens' }).click();
    await act.getByText('Proposed. Another operator has to agree.').waitFor();
    await second.page.reload();
    await go(second.page, 'Proposals 1');
    await second.page.getByRole('row', { name: `Public key – ${key}` }).waitFor();
    await second.page.getByRole('button', { name: 'Sign as the second operator' }).click();
    await second.page.getByText('Done: “Announce the next key of tokens” is carried out').waitFor();
    // A server reads every ten seconds what was announced.
    const published = async (): Promise<unknown> =>
      (await at.server.get('/.well-known/recourse')).body.epochs;
    await expect
      .poll(published, { timeout: 30_000 })
      .toMatchObject([{ epoch: 1 }, { epoch: 2, publicKey: key }]);
    await page.reload();
    await act.getByText('Epoch 3 cannot be announced yet.').waitFor();
    expect(await axeFlaws(page)).toEqual([]);
  }, 90_000);

  test('causes no complaint of the browser, and asks no other server', () => {
    expect([...first.complaints, ...second.complaints]).toEqual([]);
    const asked = [...first.sent, ...second.sent].map(({ url }) => new URL(url).origin);
    expect([...new Set(asked)].filter((one) => one !== new URL(at.server.url).origin)).toEqual([]);
  });
});
