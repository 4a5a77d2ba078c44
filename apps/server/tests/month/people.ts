import type { Browser } from 'playwright-core';
import type { Deeds } from './deeds.ts';
import { Hand } from './hand.ts';

/** Everybody has a browser of their own, and begins at the start page of the sandbox. */
export class People {
  /** Everybody who has come */
  readonly hands: Hand[] = [];
  readonly #browser: Browser;
  readonly #start: string;
  readonly #deeds: Deeds;

  constructor(browser: Browser, start: string, deeds: Deeds) {
    this.#browser = browser;
    this.#start = start;
    this.#deeds = deeds;
  }

  /** Somebody at the start page, in a browser that nobody used. */
  async newcomer(): Promise<Hand> {
    const context = await this.#browser.newContext({
      viewport: { width: 1280, height: 900 },
      acceptDownloads: true,
      locale: 'en-GB',
      timezoneId: 'Europe/Berlin',
    });
    context.setDefaultTimeout(20_000);
    const hand = new Hand(await context.newPage(), this.#deeds);
    this.hands.push(hand);
    await this.toStart(hand);
    return hand;
  }

  async toStart(hand: Hand): Promise<void> {
    await hand.page.goto(this.#start);
  }

  /** The desk of a sample person. */
  async desk(name: string): Promise<Hand> {
    const hand = await this.newcomer();
    await hand.click('button', `Open the desk of ${name}`);
    await hand.page.getByRole('navigation').waitFor();
    await hand.page.getByRole('heading', { name: 'Your key' }).waitFor({ state: 'detached' });
    return hand;
  }
}
