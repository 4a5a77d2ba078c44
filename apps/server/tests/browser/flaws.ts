import type { Page } from 'playwright-core';

/** What a screen reader would stumble over: the checks of axe that matter for pages of text and forms. */
export function flaws(page: Page): Promise<string[]> {
  return page.evaluate(`(() => {
    const found = [];
    const all = (selector) => [...document.querySelectorAll(selector)];
    if (!document.documentElement.lang) found.push('no language');
    if (!document.title.trim()) found.push('no title');
    if (all('h1').length !== 1) found.push('not one h1');
    if (all('main').length !== 1) found.push('not one main');
    let level = 0;
    for (const heading of all('h1, h2, h3, h4')) {
      const next = Number(heading.tagName[1]);
      if (next > level + 1) found.push('heading out of order: ' + heading.textContent);
      if (!heading.textContent.trim()) found.push('empty heading');
      level = next;
    }
    for (const field of all('input:not([type=hidden]), textarea, select')) {
      if (field.labels.length === 0) found.push('no label: ' + field.name);
      if (field.getBoundingClientRect().height < 18) found.push('small: ' + field.name);
    }
    for (const head of all('th')) if (!head.textContent.trim()) found.push('empty table header');
    for (const button of all('button')) {
      if (!button.textContent.trim()) found.push('button without a name');
      if (button.getBoundingClientRect().height < 24) found.push('small button');
    }
    for (const group of all('fieldset')) if (!group.querySelector('legend')) found.push('no legend');
    const ids = all('[id]').map(({ id }) => id);
    for (const id of ids) if (ids.indexOf(id) !== ids.lastIndexOf(id)) found.push('twice: ' + id);
    for (const element of all('[aria-describedby]')) {
      for (const id of element.getAttribute('aria-describedby').split(' ')) {
        if (!document.getElementById(id)) found.push('describes nothing: ' + id);
      }
    }
    for (const link of all('a')) {
      const target = link.getAttribute('href') || '';
      if (!link.textContent.trim()) found.push('link without a name');
      if (target[0] === '#' && !document.getElementById(target.slice(1))) found.push('leads nowhere: ' + target);
    }
    for (const form of all('form')) if (form.method !== 'post') found.push('a form by GET');
    for (const box of all('pre')) {
      if (box.scrollWidth > box.clientWidth) found.push('cut off: ' + box.textContent);
    }
    for (const time of all('time')) if (!/Z$/.test(time.dateTime)) found.push('no time: ' + time.textContent);
    return found;
  })()`);
}
