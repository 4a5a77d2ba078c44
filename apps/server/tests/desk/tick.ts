import { setTimeout as delay } from 'node:timers/promises';
import type { Locator } from 'playwright-core';

const pauseMs = 50;
const longestMs = 60_000;

/** Chooses a radio button or ticks a box by its keyboard, wherever the page moves it meanwhile. */
export async function tick(field: Locator): Promise<void> {
  for (let waited = 0; !(await field.isChecked()); waited += pauseMs) {
    if (waited >= longestMs) throw new Error(`${field.toString()} cannot be chosen`);
    await field.press('Space');
    await delay(pauseMs);
  }
}
