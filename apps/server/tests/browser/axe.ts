import axe from 'axe-core';
import type { Page } from 'playwright-core';

/** What axe finds on the page as it stands, but for what React Aria has read out once: rule and place. */
export async function axeFlaws(page: Page): Promise<string[]> {
  // By the debugger: the policy of the page lets no script of ours in. Half a megabyte, once for all looks at a page.
  if (!(await page.evaluate("'axe' in window"))) await page.evaluate(axe.source);
  const found =
    await page.evaluate(`axe.run({ exclude: [['[data-live-announcer]']] }, { resultTypes: ['violations'] }).then(
    ({ violations }) => violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => id + ' ' + html)))`);
  return found as string[];
}

/** How a page is looked at: on a desk by day and by night, and on a phone from right to left. */
const looks = [
  { look: 'light', colorScheme: 'light', direction: undefined, width: 1280 },
  { look: 'dark', colorScheme: 'dark', direction: undefined, width: 1280 },
  { look: 'right to left', colorScheme: 'light', direction: 'rtl', width: 360 },
  { look: 'phone', colorScheme: 'dark', direction: undefined, width: 360 },
] as const;

/** What is wrong with the page in any look: what axe finds, and whether a phone has to scroll sideways. */
export async function flawsInEachLook(page: Page): Promise<string[]> {
  const found: string[] = [];
  const own = await page.evaluate('document.documentElement.dir');
  for (const { look, colorScheme, direction, width } of looks) {
    await page.setViewportSize({ width, height: 800 });
    await page.emulateMedia({ colorScheme });
    await page.evaluate(`document.documentElement.dir = ${JSON.stringify(direction ?? own)}`);
    const wide = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';
    if (Number(await page.evaluate(wide)) > 0) found.push(`${look}: scrolls sideways`);
    found.push(...(await axeFlaws(page)).map((flaw) => `${look}: ${flaw}`));
  }
  await page.setViewportSize({ width: 1280, height: 900 });
  await page.emulateMedia({ colorScheme: 'light' });
  await page.evaluate(`document.documentElement.dir = ${JSON.stringify(own)}`);
  return found;
}
