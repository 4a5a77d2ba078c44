import { setInterval as every } from 'node:timers/promises';
import type { Recourse, SanctionInput, SubmittedSanction } from '@recourse/sdk';
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
  // Pictures of the desks are taken without vitest, which has no poll there.
  for await (const _ of every(50)) {
    const { deliveries } = await by.sanctions.get({ sanction });
    if (deliveries.every(({ state }) => state !== 'waiting')) break;
  }
  return submitted;
}
