import type { Page } from 'playwright-core';

/** One picture: where it is, and what to do there before it is taken. */
export interface Route {
  /** Of the file, in lower case with hyphens */
  readonly name: string;
  readonly path: string;
  /** Clicks and types on the way to what the picture shows */
  readonly reach?: (page: Page) => Promise<void>;
}

const openSample =
  (label: string, part?: string) =>
  async (page: Page): Promise<void> => {
    await page.locator(`button[data-case="${label}"]`).click();
    await page.waitForLoadState();
    if (part === undefined) return;
    await page.locator(`nav.parts button[value=${part}]`).click();
    await page.waitForLoadState();
  };

/** Opens the desk of a sample person, and a screen of it. */
const openDesk =
  (person: string, screen: string) =>
  async (page: Page): Promise<void> => {
    await page.locator(`form:has(input[value="${person}"]) button`).click();
    await page.getByRole('navigation').waitFor();
    await page.getByRole('heading', { name: 'Your key' }).waitFor({ state: 'detached' });
    await page.evaluate(`location.hash = ${JSON.stringify(screen)}`);
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.getByText('Loading', { exact: true }).waitFor({ state: 'detached' });
  };

const desk = (name: string, person: string, screen: string): Route => ({
  name: `desk-${name}`,
  path: '/sandbox',
  reach: openDesk(person, screen),
});

/** Every page that the server draws, and the screens of the desks. Add a screen by a line. */
export const routes: readonly Route[] = [
  { name: 'landing', path: '/' },
  { name: 'governance', path: '/governance' },
  { name: 'ledger', path: '/ledger' },
  { name: 'transparency', path: '/transparency' },
  { name: 'taxonomy', path: '/taxonomy' },
  { name: 'problems', path: '/problems' },
  { name: 'problem', path: '/problems/quota-exceeded' },
  { name: 'operations', path: '/docs/api' },
  { name: 'no-such-page', path: '/nothing' },
  { name: 'sandbox', path: '/sandbox' },
  { name: 'outbox', path: '/sandbox/outbox' },
  { name: 'case-open', path: '/case' },
  { name: 'case-find', path: '/case/find' },
  { name: 'case-ticket', path: '/case/ticket' },
  { name: 'case-accept', path: '/case/accept' },
  { name: 'case-stop', path: '/case/stop' },
  { name: 'letter', path: '/letter' },
  { name: 'case-record', path: '/sandbox', reach: openSample('scam') },
  { name: 'case-told', path: '/sandbox', reach: openSample('scam', 'told') },
  { name: 'case-access', path: '/sandbox', reach: openSample('scam', 'access') },
  { name: 'case-ended', path: '/sandbox', reach: openSample('wrong-person') },
  desk('inbox', 'tubely/trust', '/trust/inbox'),
  desk('check', 'tubely/trust', '/trust/check'),
  desk('new-record', 'tubely/trust', '/trust/new'),
  desk('records', 'tubely/trust', '/trust/records'),
  desk('matches', 'tubely/trust', '/trust/matches'),
  desk('appeals', 'tubely/trust', '/trust/appeals'),
  desk('recalls', 'tubely/trust', '/trust/recalls'),
  desk('drafts', 'tubely/trust', '/trust/drafts'),
  desk('import', 'tubely/trust', '/trust/import'),
  desk('standing', 'tubely/trust', '/trust/standing'),
  desk('people', 'tubely/trust', '/trust/people'),
  desk('queue', 'panel/1', '/review/queue'),
  desk('health', 'operator/1', '/operator/health'),
  desk('platforms', 'operator/1', '/operator/parties'),
  desk('invite', 'operator/1', '/operator/invite'),
  desk('panel', 'operator/1', '/operator/panel'),
  desk('acts', 'operator/1', '/operator/acts'),
];
