import { signCompact, toNumericDate } from '@recourse/protocol';
import { random32, testId, type TestRegistry } from '@recourse/testkit';

/** Inputs of the operations of a rotation that their schemas accept, by keys that may carry them. */
export async function epochInputs(registry: TestRegistry) {
  const { tubely, operator } = registry.parties;
  const now = toNumericDate(registry.now());
  const update = await signCompact(tubely.trust.signer, 'recourse-subjects+jwt', {
    iss: tubely.id,
    sub: testId('snc', registry.now()),
    epoch: 2,
    subjects: random32(),
    iat: now,
  });
  const subject = {
    index: 0,
    epoch: 2,
    kind: 'domain',
    control: 'dns',
    provenAt: now,
    salt: random32(),
    token: random32(),
  } as const;
  return {
    'sanctions.untokenised': { key: tubely.service, in: { limit: 1 } },
    'sanctions.retokenise': {
      key: tubely.service,
      in: {
        update,
        tokens: [subject],
        padding: Array.from({ length: 7 }, random32),
        before: [random32()],
      },
    },
    'oprf.next': { key: operator[0], in: {} },
    'oprf.rotate': {
      key: operator[0],
      in: { epoch: 2, publicKey: random32(), opensAt: now + 2 * 86_400 },
    },
  } as const;
}
