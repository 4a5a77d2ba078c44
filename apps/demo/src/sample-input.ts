import { randomBytes } from 'node:crypto';
import { utf8 } from '@recourse/protocol';
import type { SanctionInput } from '@recourse/sdk';

const dayMs = 86_400_000;
const ago = (days: number): Date => new Date(Date.now() - days * dayMs);

/** A record that is in order, of another domain each time: the second on one incident would be refused for that. */
export const sampleInput = (changes: Partial<SanctionInput>): SanctionInput => ({
  creator: {
    domain: {
      value: `made-up-${randomBytes(6).toString('hex')}.example`,
      control: 'dns',
      provenAt: ago(40),
    },
  },
  reason: 'fraud.phishing',
  action: 'account-terminated',
  incident: { from: ago(30), to: ago(12) },
  decidedAt: ago(6),
  decidedBy: 'human',
  evidence: [{ class: 'captured-artefact', source: utf8('sample') }],
  account: 'Sample.',
  policy: 0,
  origin: 'own-detection',
  attest: ['no-authority', 'no-takeover'],
  age: 'unknown',
  ...changes,
});
