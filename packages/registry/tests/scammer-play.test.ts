import type { OpOutput } from '@recourse/protocol';
import { random32, type TestRegistry } from '@recourse/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  appealCase,
  claimCase,
  decide,
  deliver,
  newCase,
  startAppealRegistry,
  type TestCase,
} from './appeals-harness.ts';
import { askNew, resultOf } from './checks-fixture.ts';
import { record } from './derived-fixture.ts';

let registry: TestRegistry;
beforeAll(async () => {
  registry = await startAppealRegistry();
});
afterAll(() => registry.close());

/** What Tubely is answered about both identifiers of the person. */
async function answered({ tokens }: TestCase) {
  const { tubely } = registry.parties;
  const { advice, matches } = resultOf(
    await askNew(registry, tubely, tokens),
  ) as OpOutput<'checks.match'>;
  return {
    advice,
    disputed: matches.map(({ disputed }) => disputed),
    reasons: matches.map(({ statement }) => statement !== undefined),
    rest: matches.map(({ token, sanction, since, expiresAt, corroboration, priorMatch }) => ({
      token,
      sanction,
      since,
      expiresAt,
      corroboration,
      priorMatch,
    })),
  };
}

/** A record that answers, on a domain and an email; another group found out the same about the domain. */
async function corroborated(reason: 'fraud.payment' | 'fraud.phishing'): Promise<TestCase> {
  const proof = reason === 'fraud.payment' ? 'payment-records' : 'captured-artefact';
  const theCase = await newCase(registry, {
    told: [],
    statement: { reason, evidence: [{ class: proof, commitment: random32() }] },
  });
  await record(registry, registry.parties.market, [theCase.tokens[0]!]);
  // A hold never ends on a day nobody works.
  registry.advance(6 * 24 * 3600);
  return theCase;
}

test('a scammer who claims to be the victim changes no answer but its advice', async () => {
  const theCase = await corroborated('fraud.payment');
  const before = await answered(theCase);
  expect(before).toMatchObject({ advice: 'review', disputed: [false, false, false] });
  expect(before.rest.map(({ corroboration }) => corroboration)).toContain('one-other');

  // They say that it was somebody else, and nobody has looked yet.
  const { id: appeal } = await appealCase(registry, theCase, { ground: 'not-me' });
  const claimed = await answered(theCase);
  expect(claimed.rest).toEqual(before.rest);
  expect(claimed.disputed.filter(Boolean)).toHaveLength(2);
  // What another platform found out for itself is told as before, and so is the advice that rests on it.
  expect(claimed.advice).toBe('review');
  expect(claimed.reasons.filter(Boolean)).toHaveLength(1);
  const alone = { ...theCase, tokens: [theCase.tokens[1]!] };
  expect(await answered(alone)).toMatchObject({ advice: 'verify-identity', reasons: [false] });

  // The evidence is there: the reason is told again, and the appeal still open.
  const reviewer = await claimCase(registry, registry.parties.panel[0], appeal);
  const gist = { appeal, kind: 'gist', text: 'It shows the payments.' } as const;
  const { question } = resultOf(await registry.call(reviewer.key, 'review.ask', gist)) as {
    question: `qst_${string}`;
  };
  resultOf(await deliver(registry, { appeal, to: [reviewer] }));
  resultOf(await registry.call(reviewer.key, 'evidence.confirm', { appeal }));
  expect(await answered(alone)).toMatchObject({ advice: 'review', reasons: [true] });
  const information = { key: theCase.key, text: 'It was not me.', question };
  expect((await registry.caseCall('case.addInformation', information)).status).toBe(200);

  // And they are not believed.
  const decision = { outcome: 'upheld' } as const;
  const { sanction } = theCase;
  resultOf(await decide(registry, { by: reviewer.key, sanction, appeal, decision }));
  expect(await answered(theCase)).toEqual(before);
});

test('where the reason protects somebody, the claim changes nothing but that it is disputed', async () => {
  const theCase = await corroborated('fraud.phishing');
  const before = await answered(theCase);
  await appealCase(registry, theCase, { ground: 'not-me' });
  const claimed = await answered(theCase);
  expect({ ...claimed, disputed: before.disputed }).toEqual(before);
  expect(claimed.disputed.filter(Boolean)).toHaveLength(2);
});
