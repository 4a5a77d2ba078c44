import { caseKey } from '@recourse/protocol';
import { newSecret, startTestRegistry, type TestRegistry } from '@recourse/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { caseAbout, open, realTokens, resultOf } from './cases-fixture.ts';

// A platform that vouches for a secret of its own, to read cases. Listed in docs/hostile-plays.md as `skeleton-ticket`.

let registry: TestRegistry;

beforeAll(async () => {
  registry = await startTestRegistry({ tokens: await realTokens() });
});
afterAll(() => registry.close());

const account = (n: number) => `acct:${n}@tubely.example`;

/** What a platform reads by a ticket for a secret that it made itself: the account of facts, or nothing. */
async function readByTicket(identifier: string): Promise<string | undefined> {
  const secret = newSecret();
  const newKey = newSecret();
  const { market } = registry.parties;
  const request = caseKey(secret);
  await registry.call(market.trust, 'subjects.ticket', { kind: 'account', identifier, request });
  const used = await registry.caseCall('case.ticket', { secret, newKey });
  if (used.status !== 200 || resultOf(used).found.length === 0) return undefined;
  return resultOf(await open(registry, `${newKey}.1`)).case.facts.account;
}

describe('a member that knows the public names of ten accounts at another platform', () => {
  test('reads none of their cases by tickets of its own', async () => {
    const read: (string | undefined)[] = [];
    for (let n = 0; n < 10; n++) {
      await caseAbout(registry, [['account', account(n)]]);
      read.push(await readByTicket(account(n)));
    }
    expect(read.filter((facts) => facts !== undefined)).toEqual([]);
  });
});
