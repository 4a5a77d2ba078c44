import { newSecret, startTestRegistry, type TestRegistry } from '@recourse/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  appealInput,
  caseAbout,
  claim,
  findByEmail,
  open,
  realTokens,
  resultOf,
  type TestCase,
} from './cases-fixture.ts';
import { day, notify, problem } from './sanctions-harness.ts';

let registry: TestRegistry;
let addresses = 0;

beforeAll(async () => {
  registry = await startTestRegistry({ tokens: await realTokens() });
});
afterAll(() => registry.close());

async function noticed(): Promise<TestCase & { email: string }> {
  const email = `creator${addresses++}@mail.example`;
  const made = await caseAbout(registry, [['email', email]]);
  await notify(registry, made.sanction);
  return { ...made, email };
}

const stateOf = async (appeal: string) =>
  (await registry.db
    .selectFrom('appeals')
    .select(['closed_as', 'withdraws_at'])
    .where('id', '=', appeal)
    .executeTakeFirst()) ?? {};

test('what an accuser did by the code that they made is void once the creator proves an address', async () => {
  const { sanction, code, email } = await noticed();
  const accuser = await claim(registry, code);
  const theirs = resultOf(await registry.caseCall('case.appeal', { key: accuser, ...appealInput }));
  resultOf(await registry.caseCall('case.withdrawAppeal', { key: accuser }));

  const { newKey, found } = await findByEmail(registry, email);
  expect(found).toMatchObject([{ n: 1, claimed: true }]);
  const key = `${newKey}.1`;
  const refused = await registry.caseCall('case.appeal', { key, ...appealInput });
  expect(problem(refused)).toEqual(['state-conflict', 'claimed-contest-first']);
  expect(resultOf(await registry.caseCall('case.contest', { key })).voided).toEqual([
    theirs.appeal,
  ]);
  expect(await stateOf(theirs.appeal)).toMatchObject({ closed_as: 'void' });

  const own = resultOf(await registry.caseCall('case.appeal', { key, ...appealInput }));
  expect(own.state).toBe('open');
  // The accuser's withdrawal would have come into effect by now.
  registry.advance(4 * day);
  expect(await stateOf(own.appeal)).toMatchObject({ closed_as: null, withdraws_at: null });
  const seen = resultOf(await open(registry, key)).case;
  expect(seen).toMatchObject({ sanction, access: 'holder', claimed: { way: 'found' } });
  expect(seen.appeals.map(({ state }: { state: string }) => state)).toEqual(['void', 'open']);

  const old = await open(registry, accuser);
  expect([old.status, old.guessed]).toEqual([404, true]);
  expect(resultOf(await open(registry, code)).state).toBe('claimed');
  for (const act of [
    registry.caseCall('case.appeal', { key: accuser, ...appealInput }),
    registry.caseCall('case.rotate', { key: accuser, newKey: newSecret() }),
    registry.caseCall('case.withdrawAppeal', { key: accuser }),
    registry.caseCall('case.contest', { key: accuser }),
  ]) {
    expect((await act).guessed).toBe(true);
  }
  const again = await registry.caseCall('case.claim', { code, newKey: newSecret() });
  expect(problem(again)).toEqual(['state-conflict', 'claimed']);
});

test('an accuser who rotates their key meanwhile loses the case all the same', async () => {
  const { code, email } = await noticed();
  const first = await claim(registry, code);
  const theirs = resultOf(await registry.caseCall('case.appeal', { key: first, ...appealInput }));
  const rotated = newSecret();
  resultOf(await registry.caseCall('case.rotate', { key: first, newKey: rotated }));
  const { newKey } = await findByEmail(registry, email);
  const { voided } = resultOf(await registry.caseCall('case.contest', { key: `${newKey}.1` }));
  expect(voided).toEqual([theirs.appeal]);
  expect((await open(registry, rotated)).guessed).toBe(true);
});

test('whoever holds by proof loses nothing by a contest: reviewers decide', async () => {
  const { email } = await noticed();
  const one = await findByEmail(registry, email);
  resultOf(await registry.caseCall('case.appeal', { key: `${one.newKey}.1`, ...appealInput }));
  const own = await registry.caseCall('case.contest', { key: `${one.newKey}.1` });
  expect(problem(own)).toEqual(['state-conflict', 'own']);
  const two = await findByEmail(registry, email);
  const contested = await registry.caseCall('case.contest', { key: `${two.newKey}.1` });
  expect(resultOf(contested)).toMatchObject({ voided: [], item: expect.stringMatching(/^itm_/) });
  const appealed = await registry.caseCall('case.appeal', {
    key: `${two.newKey}.1`,
    ...appealInput,
  });
  expect(problem(appealed)).toEqual(['state-conflict', 'held-by-proof']);
});

test('what nobody claimed is not contested, and a code cannot claim what is held by proof', async () => {
  const { code, email } = await noticed();
  const { newKey } = await findByEmail(registry, email);
  const early = await registry.caseCall('case.contest', { key: `${newKey}.1` });
  expect(problem(early)).toEqual(['state-conflict', 'not-claimed']);
  resultOf(await registry.caseCall('case.appeal', { key: `${newKey}.1`, ...appealInput }));
  const late = await registry.caseCall('case.claim', { code, newKey: newSecret() });
  expect(problem(late)).toEqual(['state-conflict', 'claimed']);
});
