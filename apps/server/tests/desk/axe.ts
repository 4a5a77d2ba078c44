import axe from 'axe-core';
import type { Page } from 'playwright-core';

/** What axe finds on the page as it stands: rule and place of each violation. */
export async function axeFlaws(page: Page): Promise<string[]> {
  // By the debugger: the policy of the page lets no script of ours in. React Aria's announcer names what a button said
  // while it was pending, and the button is gone by now.
  await page.evaluate(axe.source);
  const found =
    await page.evaluate(`axe.run({ exclude: ['[data-live-announcer]'] }, { resultTypes: ['violations'] }).then(
    ({ violations }) => violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => id + ' ' + html)))`);
  return found as string[];
}
