import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { BrowserContext } from 'playwright-core';
import { readConfig, silentLog, startServer } from '../../src/index.ts';
import { freePort } from '../../src/postgres/free-port.ts';
import { chromiumFolder, launchFrom } from '../browser/chromium.ts';
import { withPalette } from './palette-png.ts';
import { routes, type Route } from './routes.ts';

/**
 * `npm run screenshots [-- --to FOLDER --url URL] [name ...]`: a picture of each page at the width of a phone and of a
 * desk. It starts a sandbox of its own, unless `--url` names one that runs.
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    to: {
      type: 'string',
      default: fileURLToPath(new URL('../../../../docs/desk', import.meta.url)),
    },
    url: { type: 'string' },
    whole: { type: 'boolean', default: false },
    dark: { type: 'boolean', default: false },
  },
});

const widths = [360, 1280] as const;
/** A longer page is cut: what is below looks like what is above. */
const mostHeight = { 360: 2600, 1280: 1800 } as const;

const started = values.url === undefined ? await startSandbox() : undefined;
const url = values.url ?? started?.url ?? '';
const browser = await launchFrom(await chromiumFolder());
try {
  mkdirSync(values.to, { recursive: true });
  for (const width of widths) {
    const context = await browser.newContext({
      viewport: { width, height: 800 },
      colorScheme: values.dark ? 'dark' : 'light',
      locale: 'en-GB',
      timezoneId: 'Europe/Berlin',
    });
    for (const route of routes.filter(isAsked)) await take(context, route, width);
    await context.close();
  }
} finally {
  await browser.close();
  await started?.stop();
}

function isAsked({ name }: Route): boolean {
  return positionals.length === 0 || positionals.includes(name);
}

async function take(
  context: BrowserContext,
  { name, path, reach }: Route,
  width: (typeof widths)[number],
): Promise<void> {
  const page = await context.newPage();
  await page.goto(`${url}${path}`);
  await reach?.(page);
  await page.waitForLoadState('networkidle');
  const whole = Number(await page.evaluate('document.documentElement.scrollHeight'));
  const height = values.whole ? whole : Math.min(whole, mostHeight[width]);
  await page.setViewportSize({ width, height });
  const png = withPalette(await page.screenshot());
  writeFileSync(join(values.to, `${name}-${width}.png`), png);
  console.log(`${name}-${width}.png: ${Math.round(png.length / 1000)} kB`);
  await page.close();
}

async function startSandbox(): Promise<{ url: string; stop: () => Promise<void> }> {
  const dataDir = mkdtempSync(join(tmpdir(), 'recourse-screenshots-'));
  const env = { RECOURSE_DATA_DIR: dataDir, RECOURSE_PORT: String(await freePort()) };
  const server = await startServer(readConfig(env), silentLog);
  return {
    url: server.url,
    stop: async () => {
      await server.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
