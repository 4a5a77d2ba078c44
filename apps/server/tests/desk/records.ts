import type { Recourse, SanctionInput, SubmittedSanction } from '@recourse/sdk';
import { vi } from 'vitest';
import { daysBefore } from './record-form.ts';

/** A record as a platform's own program makes it. */
export const phishing = (
  email: string,
  now: Date,
  more: Partial<SanctionInput> = {},
): SanctionInput => ({
  creator: { email: { value: email, control: 'otp', provenAt: daysBefore(now, 20) } },
  reason: 'fraud.phishing',
  action: 'account-terminated',
  incident: { from: daysBefore(now, 30), to: daysBefore(now, 10) },
  decidedAt: daysBefore(now, 1),
  decidedBy: 'human',
  evidence: [{ class: 'captured-artefact', source: Buffer.from(`<p>A page of ${email}</p>`) }],
  account: 'Hosted a copy of the login page of a bank, which sent passwords to its owner.',
  policy: 0,
  origin: 'own-detection',
  attest: ['no-authority', 'no-takeover'],
  age: 'adult',
  ...more,
});

/** Records, and has the registry tell the creator: a clock that is moved before may find the notice overdue. */
export async function recordAndTell(
  by: Recourse,
  email: string,
  more: Partial<SanctionInput> = {},
): Promise<Pick<SubmittedSanction, 'sanction' | 'caseCode' | 'evidence'>> {
  const submitted = await by.sanctions.submit(phishing(email, new Date(), more));
  const { sanction } = submitted;
  await by.sanctions.tell({ sanction, language: 'en', creator: { email } });
  const isTold = async (): Promise<void> => {
    const { deliveries } = await by.sanctions.get({ sanction });
    if (deliveries.some(({ state }) => state === 'waiting')) throw new Error('a notice waits');
  };
  await vi.waitFor(isTold, { timeout: 60_000, interval: 50 });
  return submitted;
}
