import { toDay } from '@recourse/protocol';
import type { Page } from 'playwright-core';
import { typeInstant } from './keyboard.ts';
import { tick } from './tick.ts';

const dayMs = 86_400_000;
export const daysBefore = (now: Date, days: number): Date => new Date(now.getTime() - days * dayMs);

interface FormRecord {
  readonly email: string;
  /** As the registry has it */
  readonly now: Date;
  readonly facts?: string;
  readonly ref?: string;
}

/** The address by which a house tool opens the form, filled as far as a link may fill it. */
export const prefilledForm = ({ email, now, facts, ref }: FormRecord): string =>
  `/trust/new?${new URLSearchParams({
    reason: 'fraud.payout',
    action: 'monetisation-ended',
    email,
    incidentFrom: toDay(daysBefore(now, 20)),
    incidentTo: toDay(daysBefore(now, 10)),
    decidedAt: toDay(daysBefore(now, 5)),
    facts: facts ?? 'Nine in ten paid views came from one rented network of devices.',
    ...(ref === undefined ? {} : { ref }),
  }).toString()}`;

/** What no link can state: when control was proven, the evidence, and what the person attests. */
export async function completeForm(page: Page, now: Date, evidence: string): Promise<void> {
  await typeInstant(page, 'When control was proven', daysBefore(now, 12));
  await page.locator('input[type=file]').setInputFiles({
    name: 'views.csv',
    mimeType: 'text/csv',
    buffer: Buffer.from(evidence),
  });
  await tick(page.getByRole('radio', { name: 'Our own detection' }));
  await tick(page.getByRole('radio', { name: 'Adult' }));
  for (const box of await page.getByRole('checkbox').all()) await tick(box);
}
