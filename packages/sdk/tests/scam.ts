import type { Id } from '@recourse/protocol';
import { deliverNotices } from '@recourse/registry';
import type { Recourse, SanctionInput } from '../src/index.ts';
import type { RegistryHttp } from './registry-http.ts';

/** A record of phishing by whoever has this address, as of the clock of the registry. */
export function scamBy(email: string, now: Date): SanctionInput {
  const ago = (days: number): Date => new Date(now.getTime() - days * 86_400_000);
  return {
    creator: { email: { value: email, control: 'otp', provenAt: ago(20) } },
    reason: 'fraud.phishing',
    action: 'account-terminated',
    incident: { from: ago(30), to: ago(10) },
    decidedAt: ago(1),
    decidedBy: 'human',
    evidence: [{ class: 'captured-artefact', source: new TextEncoder().encode('a page') }],
    account: 'Ran a counterfeit sign-in page from 3 to 9 January.',
    policy: 0,
    origin: 'own-detection',
    attest: ['no-authority', 'no-takeover'],
    age: 'adult',
  };
}

/** A record that its creator was told of. */
export async function recordScam(
  http: RegistryHttp,
  by: Recourse,
  email: string,
): Promise<Id<'snc'>> {
  const { registry } = http;
  const { sanction } = await by.sanctions.submit(scamBy(email, registry.now()));
  await by.sanctions.tell({ sanction, language: 'en', creator: { email } });
  await deliverNotices(registry.services);
  return sanction;
}
