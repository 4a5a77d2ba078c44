import { signCompact, toNumericDate, toTimestamp } from '@recourse/protocol';
import { random32, testId, testOrigin, type TestKey, type TestRegistry } from '@recourse/testkit';

type Inputs = Record<string, { key: TestKey; in: Record<string, unknown> }>;

/** Inputs that the schemas of appeals, evidence, review, recalls and events accept, by keys that may carry them. */
export async function appealInputs(registry: TestRegistry) {
  const { tubely, panel } = registry.parties;
  const { service, trust } = tubely;
  const now = registry.now();
  const appeal = testId('apl', now);
  const [reviewer] = panel;
  const claims = { iss: 'panel', aud: testOrigin, appeal, iat: toNumericDate(now) };
  const claim = await signCompact(reviewer.signer, 'recourse-claim+jwt', {
    ...claims,
    key: { kty: 'EC', crv: 'P-256', x: random32(), y: random32() },
  });
  const decision = await signCompact(reviewer.signer, 'recourse-decision+jwt', {
    ...claims,
    sub: testId('snc', now),
    outcome: 'reversed',
    cause: 'error',
    reasons: random32(),
  });
  return {
    'appeals.list': { key: service, in: { limit: 1, open: true } },
    'appeals.get': { key: service, in: { appeal } },
    'appeals.respond': { key: trust, in: { appeal, stand: { text: 'As decided.' } } },
    'evidence.deliver': { key: service, in: { appeal, item: 0, jwe: sealedJwe() } },
    'evidence.open': { key: reviewer, in: { appeal, item: 0 } },
    'evidence.confirm': { key: reviewer, in: { appeal } },
    'evidence.reject': { key: reviewer, in: { appeal, item: 0, why: 'illegal-media' } },
    'evidence.dispute': { key: reviewer, in: { appeal, item: 0, contentKey: random32() } },
    'evidence.recheck': { key: reviewer, in: {} },
    'evidence.disputed': { key: reviewer, in: { appeal, item: 0 } },
    'evidence.settle': { key: reviewer, in: { appeal, item: 0, says: 'does-not-fit' } },
    'review.queue': { key: reviewer, in: {} },
    'review.claim': { key: reviewer, in: { claim } },
    'review.get': { key: reviewer, in: { appeal } },
    'review.file': { key: reviewer, in: { appeal, file: 0 } },
    'review.ask': { key: reviewer, in: { appeal, kind: 'gist', text: 'What it shows.' } },
    'review.relieve': {
      key: reviewer,
      in: { appeal, until: toTimestamp(new Date(now.getTime() + 86_400_000)) },
    },
    'review.excuse': { key: reviewer, in: { holder: testId('hld', registry.now()) } },
    'review.recuse': { key: reviewer, in: { appeal, why: 'workload' } },
    'review.decide': {
      key: reviewer,
      in: { decision, reasons: { text: 'For these reasons.', salt: random32() } },
    },
    'subjects.ticket': {
      key: trust,
      in: { identifier: 'acct:1@tubely.example', kind: 'account', request: random32() },
    },
    'subjects.challenge': {
      key: trust,
      in: { token: random32(), epoch: 1, ground: 'recycled', date: toNumericDate(now) },
    },
    'recalls.list': { key: service, in: { limit: 1, all: true } },
    'ledger.openings': { key: service, in: { cursor: '0-0', limit: 1 } },
    'recalls.acknowledge': {
      key: trust,
      in: {
        recall: testId('rcl', now),
        action: 'kept-on-own-grounds',
        copies: 'kept',
        ownGrounds: {
          reviewedAt: toNumericDate(now),
          noticeSentAt: toNumericDate(now),
          matchWasOnlyGround: false,
        },
      },
    },
    'events.poll': {
      key: service,
      in: { maxEvents: 1, returnImmediately: true, ack: [testId('evt', now)] },
    },
  } satisfies Inputs;
}

const sealedJwe = () => ({
  protected: 'eyJlbmMiOiJBMjU2R0NNIn0',
  iv: 'A'.repeat(16),
  ciphertext: 'A'.repeat(64),
  tag: 'A'.repeat(22),
  recipients: [
    {
      header: {
        alg: 'ECDH-ES+A256KW',
        kid: random32(),
        epk: { kty: 'EC', crv: 'P-256', x: random32(), y: random32() },
      },
      encrypted_key: 'A'.repeat(54),
    },
  ],
});
