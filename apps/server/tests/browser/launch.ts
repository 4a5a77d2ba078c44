import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import {
  chromium as playwright,
  type Browser,
  type BrowserContext,
  type Page,
} from 'playwright-core';
import { inject } from 'vitest';

/** A browser of its own for one test file. */
export function launch(): Promise<Browser> {
  const dir = inject('chromium');
  return playwright.launch({
    executablePath: join(dir, 'chromium'),
    // Not the flags of the package: those switch off what the pages rely on, as does one process for all.
    args: [
      '--no-sandbox',
      '--no-zygote',
      '--in-process-gpu',
      '--disable-webgl',
      '--font-render-hinting=none',
    ],
    env: {
      ...process.env,
      LD_LIBRARY_PATH: join(dir, 'al2023', 'lib'),
      FONTCONFIG_PATH: join(dir, 'fonts'),
      HOME: dir,
    },
  });
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
