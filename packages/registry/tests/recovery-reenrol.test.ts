import { verifyKeyChain } from '@recourse/protocol';
import { startTestRegistry, testOrigin, type TestRegistry } from '@recourse/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { partyKeys } from '../src/parties/directory.ts';
import { resultOf } from './checks-fixture.ts';
import { enrol } from './parties-fixtures.ts';
import { askedByDomain, byBoth, newPlatform, platformId } from './parties-operator-fixtures.ts';
import { recoveredAfter } from './recovery-fixture.ts';

let live: TestRegistry;
let dump: TestRegistry;
let happened: Awaited<ReturnType<typeof happen>>;
beforeAll(async () => {
  live = await startTestRegistry();
  ({ dump, done: happened } = await recoveredAfter(live, happen));
});
afterAll(async () => {
  await live.close();
  await dump.close();
});

const days = (n: number): void => live.advance(n * 86_400);

/** One platform gets new keys, and another one keeps its own. */
async function happen() {
  const [lost, kept] = [await newPlatform(live), await newPlatform(live)];
  const code = await announce(lost);
  await announce(kept);
  resultOf(await live.call(kept.service, 'parties.keepKeys', {}));
  days(7);
  const { kid } = await enrol(live, { code, role: 'trust', admin: true });
  // The announcement would have lapsed by the time of the recovery.
  days(30);
  return { lost: lost.id, kept: kept.id, kid };
}

async function announce(platform: Awaited<ReturnType<typeof newPlatform>>): Promise<string> {
  const { code, invite } = await askedByDomain(live, platform.id);
  resultOf(await byBoth(live, 'platforms.reenrol', { party: platformId(platform), invite }));
  return code;
}

test('an old copy regains new first keys by what announced them, and what stopped others', async () => {
  const { lost, kept, kid } = happened;
  const regained = (await partyKeys(dump.db, lost))!;
  expect(regained.keys.map((key) => key.kid)).toEqual(
    (await partyKeys(live.db, lost))!.keys.map((key) => key.kid),
  );
  const chain = await verifyKeyChain(regained, { audience: testOrigin, party: lost });
  expect(chain.get(kid)).toMatchObject({ admin: true });
  const rows = await dump.db
    .selectFrom('reenrolments')
    .select(['party', 'kid', 'stopped_at'])
    .execute();
  expect(rows).toEqual(
    expect.arrayContaining([
      { party: lost, kid, stopped_at: null },
      { party: kept, kid: null, stopped_at: expect.any(Date) },
    ]),
  );
});
