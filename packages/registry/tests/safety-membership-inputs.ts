import { signCompact, toNumericDate } from '@recourse/protocol';
import { random32, testId, testOrigin, type TestRegistry } from '@recourse/testkit';
import { epochInputs } from './safety-epoch-inputs.ts';

/** Valid inputs of the operations by which parties answer to each other, and leave. */
export async function membershipInputs(registry: TestRegistry) {
  const { tubely, operator } = registry.parties;
  const { trust } = tubely;
  const [op] = operator;
  const now = toNumericDate(registry.now());
  return {
    'parties.object': {
      key: trust,
      in: { party: testId('plt', registry.now()), ground: 'registration-untrue' as const },
    },
    'platforms.setQuota': {
      key: op,
      in: { party: testId('plt', registry.now()), submissionsPerDay: 1, elementsPerDay: 1 },
    },
    'platforms.setGroup': {
      key: op,
      in: { party: testId('plt', registry.now()), group: 'other' },
    },
    'parties.demand': {
      key: trust,
      in: {
        kind: 'check' as const,
        quarter: '2026-Q1',
        received: 1,
        complied: 0,
        refused: 1,
        delayDays: 1,
      },
    },
    'parties.attest': {
      key: trust,
      in: {
        attestation: await signCompact(trust.signer, 'recourse-attestation+jwt', {
          iss: tubely.id,
          aud: testOrigin,
          quarter: '2026-Q1',
          demands: 'none',
          iat: now,
        }),
      },
    },
    'platforms.reenrol': {
      key: op,
      in: { party: testId('plt', registry.now()), invite: random32() },
    },
    'parties.keepKeys': { key: trust, in: {} },
    ...(await epochInputs(registry)),
    'platforms.leave': { key: op, in: { party: testId('plt', registry.now()) } },
    'orders.execute': {
      key: op,
      in: {
        sanction: testId('snc', registry.now()),
        effect: 'end' as const,
        body: 'court' as const,
        date: now - 99,
        reference: random32(),
      },
    },
  };
}
