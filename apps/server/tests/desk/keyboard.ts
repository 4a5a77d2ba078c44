import type { Page } from 'playwright-core';

const two = (value: number): string => String(value).padStart(2, '0');

/** An instant as it is typed in Britain: day, month, year, hour, minute. */
const digitsOf = (at: Date, hasTime: boolean): string => {
  const day = `${two(at.getDate())}${two(at.getMonth() + 1)}${at.getFullYear()}`;
  return hasTime ? `${day}${two(at.getHours())}${two(at.getMinutes())}` : day;
};

/** Types an instant into a date field. */
export async function typeInstant(page: Page, label: string, at: Date): Promise<void> {
  const segments = page.getByRole('group', { name: label, exact: true });
  await segments.getByRole('spinbutton').first().click();
  const hasTime = (await segments.getByRole('spinbutton').count()) > 3;
  await page.keyboard.type(digitsOf(at, hasTime));
}

/** Chooses from a list that opens. */
export async function choose(page: Page, label: string, option: string | RegExp): Promise<void> {
  await page
    .getByRole('button', { name: new RegExp(`${label}$`) })
    .first()
    .click();
  await page.getByRole('option', { name: option }).click();
}

/** What has the focus, as a screen reader names it. */
const focusedName = `(() => {
  const at = document.activeElement;
  if (at === document.body) return '';
  const named = (at.getAttribute('aria-labelledby') || '').split(' ')
    .map((id) => document.getElementById(id)?.textContent ?? '').join(' ').trim();
  const name = at.labels?.[0]?.innerText || named || at.getAttribute('aria-label') || at.innerText || at.tagName;
  return name.replace(/\\s+/g, ' ').trim().slice(0, 60);
})()`;

const isNamed = (found: string, name: string | RegExp): boolean =>
  typeof name === 'string' ? found.startsWith(name) : name.test(found);

/** Somebody who has no mouse: counts the keys beside the text, and writes down where the focus was used. */
export class KeyboardOnly {
  readonly #page: Page;
  readonly stops: string[] = [];
  keys = 0;

  constructor(page: Page) {
    this.#page = page;
  }

  /** Presses Tab until the focus is at what has this name; it has to be outlined. */
  async to(name: string | RegExp, key: 'Tab' | 'j' = 'Tab'): Promise<void> {
    for (let tries = 0; tries < 60; tries++) {
      const found = await this.#focused();
      if (isNamed(found, name)) {
        this.stops.push(found);
        return;
      }
      await this.press(key);
    }
    throw new Error(`the focus never comes to ${String(name)}`);
  }

  /** Waits until the page itself has put the focus there: no key is pressed. */
  async isLedTo(name: string): Promise<void> {
    for (let tries = 0; tries < 600; tries++) {
      const found = await this.#focused();
      if (found.startsWith(name)) {
        this.stops.push(found);
        return;
      }
      await this.#page.waitForTimeout(50);
    }
    throw new Error(`the page never puts the focus on ${name}`);
  }

  async #focused(): Promise<string> {
    return String(await this.#page.evaluate(focusedName));
  }

  /** True where the next Tab goes on from something in this part of the page, or from the part itself. */
  focusIsIn(part: string): Promise<boolean> {
    return this.#page.evaluate(`document.activeElement.closest('${part}') !== null`);
  }

  async press(key: string): Promise<void> {
    this.keys += 1;
    await this.#page.keyboard.press(key);
  }

  /** Text and digits are counted nowhere: a mouse does not spare them. */
  type(text: string): Promise<void> {
    return this.#page.keyboard.type(text);
  }

  typeInstant(at: Date): Promise<void> {
    return this.type(digitsOf(at, true));
  }

  /** The first key of a page leads past the navigation. */
  async skip(): Promise<void> {
    await this.to('Skip to the page');
    await this.press('Enter');
  }
}
