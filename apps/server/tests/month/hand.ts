import { setTimeout as delay } from 'node:timers/promises';
import type { Locator, Page } from 'playwright-core';
import type { Deeds } from './deeds.ts';

type Clicked = 'button' | 'link' | 'radio' | 'option' | 'checkbox' | 'row';

/** What many rows take */
export const longMs = 100_000;

interface Where {
  /** Only in this part of the page, such as a row */
  readonly in?: Locator;
  readonly exact?: boolean;
}

export interface ChosenFile {
  readonly name: string;
  readonly mimeType: string;
  readonly buffer: Buffer;
}

/** Somebody at a page: finds things by the names that people see, and counts what they do. */
export class Hand {
  readonly page: Page;
  readonly #deeds: Deeds;

  constructor(page: Page, deeds: Deeds) {
    this.page = page;
    this.#deeds = deeds;
  }

  find(role: Clicked, name: string | RegExp, where: Where = {}): Locator {
    const { exact = false } = where;
    return (where.in ?? this.page).getByRole(role, { name, exact }).first();
  }

  async click(role: Clicked, name: string | RegExp, where: Where = {}): Promise<void> {
    this.#deeds.count(1);
    await this.find(role, name, where).click();
  }

  /** Chooses a radio button or ticks a box: those are drawn by their labels, and move while a page loads. */
  async tick(role: 'radio' | 'checkbox', name: string | RegExp, where: Where = {}): Promise<void> {
    this.#deeds.count(1);
    const field = this.find(role, name, where);
    await field.waitFor();
    for (let tries = 0; !(await field.isChecked()); tries += 1) {
      if (tries > 200) throw new Error(`${String(name)} cannot be chosen`);
      await field.press('Space');
      await delay(50);
    }
  }

  async type(label: string, text: string, where: Where = {}): Promise<void> {
    this.#deeds.count(1, text.length);
    const { exact = false } = where;
    await (where.in ?? this.page).getByLabel(label, { exact }).first().fill(text);
  }

  /** A date field has a place each for day, month and year, and some for hour and minute. */
  async typeDay(label: string, at: Date): Promise<void> {
    const places = this.page.getByRole('group', { name: label, exact: true });
    await places.getByRole('spinbutton').first().click();
    const hasTime = (await places.getByRole('spinbutton').count()) > 3;
    const digits = digitsOf(at, hasTime);
    this.#deeds.count(1, digits.length);
    await this.page.keyboard.type(digits);
  }

  /** Opens a list, and takes one of it. */
  async choose(list: string, option: string | RegExp): Promise<void> {
    await this.click('button', new RegExp(`${list}$`));
    await this.click('option', option);
  }

  async chooseFile(button: string | RegExp, file: ChosenFile, where: Where = {}): Promise<void> {
    const chooser = this.page.waitForEvent('filechooser');
    await this.click('button', button, where);
    await (await chooser).setFiles(file);
  }

  /** Opens a link that somebody else handed over. */
  async follow(link: string): Promise<void> {
    this.#deeds.count(1);
    await this.page.goto(link);
  }

  /** A list asks again each minute: whoever knows that something came loads the page again, by one key. */
  async sees(sought: Locator): Promise<void> {
    for (let tries = 0; tries < 10; tries += 1) {
      const isThere = await sought.waitFor({ timeout: 3_000 }).then(
        () => true,
        () => false,
      );
      if (isThere) return;
      this.#deeds.count(0, 1);
      await this.page.reload();
    }
    await sought.waitFor();
  }

  /** A desk locks after ten minutes without input. */
  async wake(): Promise<void> {
    const locked = this.page.getByRole('heading', { name: 'The desk is locked' });
    if (!(await locked.isVisible())) return;
    await this.type('Passphrase', 'sandbox-passphrase', { exact: true });
    await this.click('button', 'Unlock', { exact: true });
    await this.page.getByRole('navigation').waitFor();
  }

  reads(text: string | RegExp): Locator {
    return this.page.getByText(text).first();
  }

  async at(heading: string | RegExp): Promise<void> {
    await this.page.getByRole('heading', { name: heading }).first().waitFor();
  }
}

const two = (value: number): string => String(value).padStart(2, '0');

function digitsOf(at: Date, hasTime: boolean): string {
  const day = `${two(at.getDate())}${two(at.getMonth() + 1)}${at.getFullYear()}`;
  return hasTime ? `${day}${two(at.getHours())}${two(at.getMinutes())}` : day;
}
