import type { Page } from 'playwright-core';

/** What axe does not look for: links within the page that lead nowhere, forms that leave secrets in addresses, lines cut off. */
export function flaws(page: Page): Promise<string[]> {
  return page.evaluate(`(() => {
    const found = [];
    const all = (selector) => [...document.querySelectorAll(selector)];
    for (const link of all('a[href^="#"]')) {
      const target = link.getAttribute('href').slice(1);
      if (!document.getElementById(target)) found.push('leads nowhere: #' + target);
    }
    for (const form of all('form')) if (form.method !== 'post') found.push('a form by GET');
    for (const box of all('pre')) {
      if (box.scrollWidth > box.clientWidth) found.push('cut off: ' + box.textContent);
    }
    for (const time of all('time')) if (!/Z$/.test(time.dateTime)) found.push('no time: ' + time.textContent);
    return found;
  })()`);
}
