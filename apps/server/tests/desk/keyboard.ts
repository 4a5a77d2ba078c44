import type { Page } from 'playwright-core';

const two = (value: number): string => String(value).padStart(2, '0');

/** Types an instant into a date field, as a person in Britain does: day, month, year, hour, minute. */
export async function typeInstant(page: Page, label: string, at: Date, nth = 0): Promise<void> {
  const segments = page.getByRole('group', { name: label, exact: true }).nth(nth);
  await segments.getByRole('spinbutton').first().click();
  const day = `${two(at.getDate())}${two(at.getMonth() + 1)}${at.getFullYear()}`;
  const hasTime = (await segments.getByRole('spinbutton').count()) > 3;
  await page.keyboard.type(hasTime ? `${day}${two(at.getHours())}${two(at.getMinutes())}` : day);
}

/** Chooses from a list that opens. */
export async function choose(page: Page, label: string, option: string | RegExp): Promise<void> {
  await page
    .getByRole('button', { name: new RegExp(`${label}$`) })
    .first()
    .click();
  await page.getByRole('option', { name: option }).click();
}
