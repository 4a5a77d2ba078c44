import { toDay } from '@recourse/protocol';
import type { Page } from 'playwright-core';
import { choose } from './keyboard.ts';
import { daysBefore, prefilledForm } from './record-form.ts';
import { creator, type Scene, type SceneDesk } from './scene.ts';
import { tick } from './tick.ts';

/** One screen of a desk as somebody has it before them. */
export interface Screen {
  /** Of its picture, in lower case with hyphens */
  readonly name: string;
  readonly desk: SceneDesk;
  /** Behind the `#` */
  readonly path: (scene: Scene) => string;
  /** Clicks and types on the way to what is to be seen */
  readonly reach?: (page: Page, scene: Scene) => Promise<void>;
}

const press = (page: Page, name: string | RegExp): Promise<void> =>
  page.getByRole('button', { name }).first().click();

const screenOf =
  (desk: SceneDesk) =>
  (name: string, path: string | Screen['path'], reach?: Screen['reach']): Screen => ({
    name: `desk-${name}`,
    desk,
    path: typeof path === 'string' ? () => path : path,
    ...(reach ? { reach } : {}),
  });
const [trust, newcomer, reviewer, operator, support, nobody] = [
  screenOf('trust'),
  screenOf('newcomer'),
  screenOf('reviewer'),
  screenOf('operator'),
  screenOf('support'),
  screenOf('nobody'),
] as const;

/** Columns of an export of a house tool, by the names of the fields. */
export const importColumns = [
  'reason',
  'action',
  'incident_from',
  'incident_to',
  'decided_at',
  'kind',
  'identifier',
  'control',
  'proven_at',
  'evidence_class',
  'evidence_file',
  'account',
  'origin',
  'age',
];

/** An export of a house tool: rows that can be recorded, and rows whose reason is none. */
export function csvOf({ good, bad, now }: { good: number; bad: number; now: Date }): string {
  const day = (days: number): string => toDay(daysBefore(now, days));
  const dates = `${day(30)},${day(10)},${day(5)}`;
  const rows = Array.from({ length: good + bad }, (_, at) => {
    const reason = at < good ? 'fraud.phishing' : 'fraud.nothing';
    const proof = `email,import.${at}@mail.example,otp,${day(20)},captured-artefact,page.html`;
    const words = 'Hosted a copy of the login page of a bank.';
    return `${reason},account-terminated,${dates},${proof},${words},own-detection,adult`;
  });
  return [importColumns.join(','), ...rows].join('\n');
}

/** Chooses an export and its evidence. */
export async function chooseTable(
  page: Page,
  name: string,
  table: string | Uint8Array,
): Promise<void> {
  const choosers = page.locator('input[type=file]');
  const [buffer, captured] = [Buffer.from(table), Buffer.from('<p>A captured page</p>')];
  await choosers.nth(0).setInputFiles({ name, mimeType: 'application/octet-stream', buffer });
  await choosers
    .nth(1)
    .setInputFiles({ name: 'page.html', mimeType: 'text/html', buffer: captured });
}

/** Chooses an export and its evidence, and waits until the grid has judged it. */
export async function importTable(...chosen: Parameters<typeof chooseTable>): Promise<void> {
  await chooseTable(...chosen);
  await chosen[0].getByText('Ready', { exact: true }).first().waitFor();
}

/** Every screen of every desk. Add one by a line: it then has a picture, and is looked over for flaws. */
export const screens: readonly Screen[] = [
  nobody('nobody', '/'),
  nobody('enrol', '/enrol'),
  nobody('restore', '/restore'),
  trust('inbox', '/trust/inbox'),
  newcomer('inbox-empty', '/trust/inbox'),
  trust('together', '/trust/inbox', async (page) => {
    await tick(page.getByRole('checkbox', { name: /^Notice to the creator/ }).first());
    await press(page, /^Tell the creators/);
    await page.getByText('Language of these creators').waitFor();
  }),
  trust('renew', '/trust/renew'),
  trust('opening', '/trust/opening'),
  trust('check', '/trust/check', async (page) => {
    await choose(page, 'Purpose', 'Signup');
    await page.getByRole('textbox', { name: 'Identifier' }).fill('best.deals@mail.example');
    await press(page, 'Check');
    await page.getByText('signed:').first().waitFor({ timeout: 60_000 });
  }),
  trust('new-record', ({ now }) => prefilledForm({ email: creator, now })),
  trust('records', '/trust/records'),
  newcomer('records-empty', '/trust/records'),
  trust('record', ({ ids }) => `/trust/records/${ids.record}`),
  trust(
    'withdraw',
    ({ ids }) => `/trust/records/${ids.notice}`,
    (page) => press(page, 'Withdraw this record'),
  ),
  trust('notice', ({ ids }) => `/trust/notice/${ids.notice}`),
  trust('matches', '/trust/matches'),
  trust('match', ({ ids }) => `/trust/matches/${ids.match}`),
  trust('appeals', '/trust/appeals'),
  trust('appeal', ({ ids }) => `/trust/appeals/${ids.appeal}`),
  trust('recalls', '/trust/recalls'),
  trust('recall', ({ ids }) => `/trust/recalls/${ids.recall}`),
  trust('drafts', '/trust/drafts'),
  trust('draft', ({ ids }) => `/trust/drafts/${ids.draft}`),
  trust('inquiries', '/trust/inquiries'),
  trust('import', '/trust/import', (page, { now }) =>
    importTable(page, 'export.csv', csvOf({ good: 2, bad: 38, now })),
  ),
  trust('standing', '/trust/standing'),
  trust('people', '/trust/people'),
  trust('name-person', ({ server }) => `/trust/people/${server.party('Tubely', 'trust').holder}`),
  support('states', '/support/states'),
  support('support-people', '/support/people'),
  reviewer('queue', '/review/queue'),
  reviewer(
    'case',
    ({ ids }) => `/review/cases/${ids.appeal}`,
    (page) => page.getByText('✓ Digest fits').waitFor(),
  ),
  reviewer(
    'case-forms',
    ({ ids }) => `/review/cases/${ids.appeal}`,
    async (page) => {
      await press(page, 'Ask the creator, or tell the gist');
      await press(page, 'Relief while you look');
      await press(page, 'Give the case back');
    },
  ),
  reviewer(
    'decision',
    ({ ids }) => `/review/cases/${ids.appeal}`,
    async (page) => {
      await press(page, 'Go to the decision');
      await tick(page.getByRole('radio', { name: /^Reverse/ }));
      await page
        .getByRole('textbox', { name: 'Reasons' })
        .fill('The devices are those of a school.');
      await page.getByText('Your draft is kept').waitFor();
    },
  ),
  screenOf('voter')('vote', ({ ids }) => `/review/items/${ids.vote}`),
  reviewer('seat', ({ server }) => {
    const { party } = server.party('Tubely', 'trust');
    const terms = {
      invite: '0'.repeat(43),
      affiliations: [{ party }],
      languages: ['de', 'pl'],
      optOut: ['abuse.ncii'],
      termUntil: 1_900_000_000,
    };
    return `/review/seat?terms=${Buffer.from(JSON.stringify(terms)).toString('base64url')}`;
  }),
  reviewer('review-people', '/review/people'),
  operator('health', '/operator/health', (page) =>
    page.getByText('verified in this browser').waitFor(),
  ),
  operator('platforms', '/operator/parties'),
  operator('platform', ({ ids }) => `/operator/parties/${ids.newcomer}`),
  operator('invite', '/operator/invite'),
  operator('panel', '/operator/panel'),
  operator('acts', '/operator/acts'),
  operator('operator-people', '/operator/people'),
  trust('locked', '/trust/inbox', async (page) => {
    await press(page, 'Lock');
    // What it says comes in a part that is loaded then.
    await page.getByRole('heading', { name: 'The desk is locked' }).waitFor();
  }),
];

/** Goes to a screen and waits until it stands. */
export async function show(screen: Screen, scene: Scene): Promise<Page> {
  const { page } = scene.desks[screen.desk];
  await page.goto('about:blank');
  await page.goto(`${scene.server.url}/desk/#${screen.path(scene)}`);
  await page.getByRole('heading', { level: 1 }).waitFor();
  await page.getByText('Loading', { exact: true }).first().waitFor({ state: 'detached' });
  await screen.reach?.(page, scene);
  return page;
}
