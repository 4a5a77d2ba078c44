import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { movedDays } from '@recourse/testkit';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { inject } from 'vitest';
import { launchFrom } from './chromium.ts';

/**
 * A browser of its own for one test file. It keeps the time of the machine; a run on another day tells its pages and
 * their workers that the sandbox is ahead.
 */
export async function launch(): Promise<Browser> {
  const browser = await launchFrom(inject('chromium'));
  const ahead = movedDays * 86_400;
  if (ahead === 0) return browser;
  const newContext = browser.newContext.bind(browser);
  browser.newContext = async (options) => {
    const context = await newContext(options);
    await context.addInitScript(putAhead, ahead);
    return context;
  };
  return browser;
}

/** Runs in a page: what it learns of the clock of a sandbox is so many seconds ahead. */
function putAhead(seconds: number): void {
  const ask = globalThis.fetch;
  globalThis.fetch = async (input, init) => {
    const response = await ask(input, init);
    if (input !== '/sandbox/clock') return response;
    const clock = (await response.json()) as { offsetSeconds: number };
    return Response.json({ ...clock, offsetSeconds: clock.offsetSeconds + seconds });
  };
}

/** An old phone: 360 px wide. */
export const phone = (
  browser: Browser,
  options: { script: boolean; theme?: 'light' | 'dark'; locale?: string },
): Promise<BrowserContext> =>
  browser.newContext({
    viewport: { width: 360, height: 640 },
    javaScriptEnabled: options.script,
    colorScheme: options.theme ?? 'light',
    acceptDownloads: true,
    locale: options.locale ?? 'en-GB',
    timezoneId: 'Europe/Berlin',
  });

/** Pictures for people to look at, where `RECOURSE_SCREENSHOTS` names a folder. */
export async function shot(page: Page, name: string): Promise<void> {
  const dir = process.env['RECOURSE_SCREENSHOTS'];
  if (!dir) return;
  mkdirSync(dir, { recursive: true });
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    await page.screenshot({ path: join(dir, `${name}-${colorScheme}.png`), fullPage: true });
  }
  await page.emulateMedia({ colorScheme: 'light' });
}
