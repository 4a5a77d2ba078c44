import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { inject } from 'vitest';
import { launchFrom } from './chromium.ts';

/** A browser of its own for one test file. */
export const launch = (): Promise<Browser> => launchFrom(inject('chromium'));

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
