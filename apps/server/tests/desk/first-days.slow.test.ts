import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { axeFlaws } from '../browser/axe.ts';
import { shot } from '../browser/launch.ts';
import { advance } from '../sample-case.ts';
import { DeskHome } from './desk-home.ts';
import { ReviewStory } from './review-story.ts';
import { letIn } from './scene.ts';
import { tick } from './tick.ts';

// What somebody sees who has just come.
vi.setConfig({ testTimeout: 120_000 });

let at: DeskHome;

beforeAll(async () => {
  at = await DeskHome.start();
}, 240_000);
afterAll(() => at?.close());

test('the first page after an enrolment has the width of the window', async () => {
  const { page } = await at.profile();
  const invite = await at.invite({ of: 'Tubely', role: 'trust' });
  await page.goto(`${at.server.url}/desk/#/enrol?invite=${invite}`);
  await page.getByRole('heading', { name: 'Your key' }).waitFor();
  const width = async (): Promise<number> =>
    (await page.getByRole('main').boundingBox())?.width ?? 0;
  expect(await width()).toBeGreaterThan(1_100);
  await shot(page, 'welcome');
  await at.addWaitingKeys('Tubely');
  await page.getByRole('navigation').waitFor();
  // Beside the navigation, which takes 13 rem.
  expect(await width()).toBeGreaterThan(900);
});

test('a platform that may not record yet reads what it may do, and from when on it records', async () => {
  const { invite } = await letIn(at.server);
  const { page } = await at.openBy(`${invite}&name=Erika`);
  const note = page.getByText('Your platform may not record or check yet');
  await note.waitFor();
  const from = await page.locator('.note time').first().getAttribute('datetime');
  const { body } = await at.server.get('/parties');
  const newcomer = body.parties.find(
    ({ registration }: { registration?: { domain: string } }) =>
      registration?.domain === 'newcomer.example',
  );
  expect(new Date(from ?? '').toISOString()).toBe(
    new Date(newcomer.membership.activeFrom).toISOString(),
  );
  expect(await page.getByText('Nothing is owed').count()).toBe(0);
  expect(await axeFlaws(page)).toEqual([]);
  await shot(page, 'inbox-newcomer');
  await page.getByRole('link', { name: 'write a record' }).click();
  await page.getByRole('heading', { level: 1, name: 'New record' }).waitFor();
});

test('a reviewer whose evidence was not delivered yet asks for nothing that is not there', async () => {
  const story = await ReviewStory.begin(at);
  await story.appeal();
  const desk = await at.openDesk({ of: 'Review panel', role: 'reviewer' });
  const { page } = desk;
  await page.getByRole('button', { name: 'Next case' }).click();
  await page.getByRole('button', { name: 'I know nobody concerned' }).click();
  await expect.poll(() => page.getByText('Not delivered yet').count(), { timeout: 30_000 }).toBe(3);
  await page.getByRole('button', { name: 'Open the evidence again' }).click();
  await page.getByRole('button', { name: 'Go to the decision' }).click();
  await tick(page.getByRole('radio', { name: /^Reverse/ }));
  await tick(page.getByRole('radio', { name: 'Another person' }));
  await page.getByRole('textbox', { name: 'Reasons' }).fill('The page is that of a course.');
  await page.getByRole('button', { name: /^Check/ }).click();
  await page.getByRole('button', { name: 'Sign and send' }).click();
  await page.getByText('Decided: reversed.').waitFor();
  await page.getByRole('link', { name: 'Back to the queue' }).click();
  await page.getByRole('heading', { name: 'Queue' }).waitFor();
  expect(desk.refused.filter((one) => !one.includes('/ledger/proof/'))).toEqual([]);
  expect(desk.complaints).toEqual([]);
});

test('a desk that stays open follows the clock of a sandbox', async () => {
  const { page } = await at.openDesk({ of: 'Tubely', role: 'trust' });
  await page.getByRole('heading', { name: 'Inbox' }).waitFor();
  await advance(at.server, 3 * 86_400);
  await page.getByRole('link', { name: 'Check a person' }).click();
  const { body } = await at.server.get('/sandbox/clock');
  const day = new Date(body.now).toLocaleDateString('en-GB', {
    timeZone: 'Europe/Berlin',
    day: '2-digit',
  });
  const proved = page.getByRole('group', { name: 'The person proved control' });
  await expect.poll(() => proved.getByRole('spinbutton', { name: /^day/ }).textContent()).toBe(day);
});

test('whoever forgot a passphrase pastes the link of an invite, and gets a key of their own', async () => {
  const label = 'Ben';
  const { page } = await at.openDesk({ of: 'Tubely', role: 'trust', label });
  await page.getByRole('button', { name: 'Lock' }).click();
  await page.getByRole('link', { name: 'enrol this browser anew' }).click();
  const invite = await at.invite({ of: 'Tubely', role: 'trust' });
  const fill = (name: string, text: string) => page.getByLabel(name, { exact: true }).fill(text);
  await fill('Invite', `${at.server.url}/desk/#/enrol?invite=${invite}`);
  await fill('Your name', label);
  await fill('Passphrase', 'four words or some more');
  await fill('The same passphrase again', 'four words or some more');
  await page.getByRole('button', { name: 'Make my key' }).click();
  await page.getByRole('heading', { name: 'Your key' }).waitFor();
  await at.addWaitingKeys('Tubely');
  await page.getByRole('navigation').waitFor();
  expect(await page.getByRole('heading', { name: 'The desk is locked' }).count()).toBe(0);
});
