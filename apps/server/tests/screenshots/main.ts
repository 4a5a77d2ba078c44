import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { fillRecords, openConnections } from '@recourse/testkit';
import type { Page } from 'playwright-core';
import type { Desks } from '../desk/open-desk.ts';
import { setScene } from '../desk/scene.ts';
import { screens, show } from '../desk/screens.ts';
import { routes } from './routes.ts';
import { atSandbox, type SandboxDatabase } from './sandbox.ts';

/**
 * `npm run screenshots [-- --to FOLDER --png FOLDER] [name ...]`: a picture of each page and each screen of a desk, at the width
 * of a phone and of a desk. It starts a sandbox of its own, and plays a story in it where a desk is asked for.
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    to: {
      type: 'string',
      default: fileURLToPath(new URL('../../../../docs/desk', import.meta.url)),
    },
    /** A folder for the same pictures as PNG */
    png: { type: 'string' },
    dark: { type: 'boolean', default: false },
  },
});

const tenThousand = { count: 10_000, name: 'house-case' };
const widths = [360, 1280] as const;
/** A longer page is cut: what is below looks like what is above. */
const mostHeight = { 360: 1400, 1280: 1000 } as const;

mkdirSync(values.to, { recursive: true });
await atSandbox(async (desks, database) => {
  await takePages(desks);
  await takeScreens(desks, database);
});
if (positionals.length === 0) writeFileSync(join(values.to, 'README.md'), index());

function isAsked({ name }: { readonly name: string }): boolean {
  return positionals.length === 0 || positionals.includes(name);
}

/** A page that leads to every picture. */
function index(): string {
  const rows = [...screens, ...routes].map(
    ({ name }) =>
      `| ${name.replace(/^desk-/, '').replaceAll('-', ' ')} | [phone](${name}-360.webp) | [desk](${name}-1280.webp) |`,
  );
  return [
    '# The screens in pictures',
    '',
    'Every screen of the desks, and then every page that the server draws, at 360 and at 1,280 points. `npm run screenshots`',
    'takes them anew, of a sandbox in which a story was played.',
    '',
    '| screen | 360 | 1,280 |',
    '| --- | --- | --- |',
    ...rows,
    '',
  ].join('\n');
}

async function takePages(desks: Desks): Promise<void> {
  for (const { name, path, locale, reach } of routes.filter(isAsked)) {
    const { page, context } = await desks.profile({ ...theme(), ...(locale ? { locale } : {}) });
    await visit(page, `${desks.server.url}${path}`);
    await reach?.(page);
    await page.waitForLoadState('networkidle');
    await take(page, name);
    await context.close();
  }
}

/** What is not there yet, such as the first report, is asked for again. */
async function visit(page: Page, url: string): Promise<void> {
  while ((await page.goto(url))?.status() === 503) await page.waitForTimeout(1_000);
}

async function takeScreens(desks: Desks, database: SandboxDatabase): Promise<void> {
  const asked = screens.filter(isAsked);
  if (asked.length === 0) return;
  const scene = await setScene(desks);
  // The list of records is that of a platform with ten thousand.
  const connections = openConnections(database);
  const { record: like } = scene.ids;
  await fillRecords(connections.handles().ownerDb, { like, now: scene.now, ...tenThousand });
  await connections.end();
  for (const screen of asked) {
    const page = await show(screen, scene);
    await page.emulateMedia(values.dark ? { colorScheme: 'dark' } : {});
    await take(page, screen.name);
  }
}

function theme(): { theme?: 'dark' } {
  return values.dark ? { theme: 'dark' } : {};
}

async function take(page: Page, name: string): Promise<void> {
  for (const width of widths) {
    await page.setViewportSize({ width, height: 640 });
    const whole = Number(await page.evaluate('document.documentElement.scrollHeight'));
    await page.setViewportSize({
      width,
      height: Math.min(Math.max(whole, 640), mostHeight[width]),
    });
    const picture = await pictureOf(page);
    writeFileSync(join(values.to, `${name}-${width}.webp`), picture);
    if (values.png) await page.screenshot({ path: join(values.png, `${name}-${width}.png`) });
    console.log(`${name}-${width}.webp: ${Math.round(picture.length / 1000)} kB`);
  }
  await page.setViewportSize({ width: 1280, height: 900 });
}

/** Chromium writes WebP itself: a page of text stays readable at a third of its usual quality. */
async function pictureOf(page: Page): Promise<Buffer> {
  const session = await page.context().newCDPSession(page);
  const { data } = await session.send('Page.captureScreenshot', { format: 'webp', quality: 35 });
  await session.detach();
  return Buffer.from(data, 'base64');
}
