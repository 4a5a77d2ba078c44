import type { Page } from 'playwright-core';

/** One picture: where it is, and what to do there before it is taken. */
export interface Route {
  /** Of the file, in lower case with hyphens */
  readonly name: string;
  readonly path: string;
  /** Of the reader; English when absent */
  readonly locale?: string;
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

/** Every page that the server draws. Add a screen by a line. */
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
  { name: 'case-record-ar', path: '/sandbox', locale: 'ar', reach: openSample('scam') },
  { name: 'case-record-hi', path: '/sandbox', locale: 'hi', reach: openSample('scam') },
  { name: 'case-record-zh', path: '/sandbox', locale: 'zh', reach: openSample('scam') },
  { name: 'case-ended', path: '/sandbox', reach: openSample('wrong-person') },
];
