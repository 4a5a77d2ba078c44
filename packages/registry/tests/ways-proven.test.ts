import { caseKey } from '@recourse/protocol';
import { startTestRegistry, type TestRegistry } from '@recourse/testkit';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { deliverNotices } from '../src/cases/notices/deliver-notices.ts';
import { askNew } from './checks-fixture.ts';
import {
  caseAbout,
  claim,
  findByEmail,
  open,
  realTokens,
  resultOf,
  tokenOf,
} from './cases-fixture.ts';
import { day, sqlState } from './sanctions-harness.ts';

let registry: TestRegistry;
let made = 0;
beforeAll(async () => {
  registry = await startTestRegistry({ tokens: await realTokens() });
});
afterAll(() => registry.close());

/** A record of one address, with the code that the registry wrote to it. */
async function delivered() {
  const email = `owner${made++}@mail.example`;
  const { sanction, code: handed } = await caseAbout(registry, [['email', email]]);
  const { trust } = registry.parties.harbour;
  const notice = {
    sanction: sanction as `snc_${string}`,
    language: 'en',
    addresses: [email],
  };
  expect((await registry.call(trust, 'sanctions.notify', notice)).status).toBe(200);
  await deliverNotices(registry.services);
  const { code } = registry.proofs.notices.find(({ to }) => to === email)!;
  registry.advance(15 * day);
  return { sanction, email, code, handed };
}

const ask = async (email: string, platform = registry.parties.tubely) =>
  expect((await askNew(registry, platform, [await tokenOf(registry, 'email', email)])).status).toBe(
    200,
  );
const viewOf = async (key: string) => resultOf(await open(registry, key)).case;
const namesOf = async (key: string): Promise<string[]> =>
  (await viewOf(key)).told.map(({ name }: { name: string }) => name);
const provenOf = async (key: string): Promise<boolean[]> =>
  (await viewOf(key)).ways.map(({ proven }: { proven: boolean }) => proven);

describe('a code that the registry delivered', () => {
  test('proves by its first use alone: whoever saw it later reads of no sign-up', async () => {
    const { email, code } = await delivered();
    await ask(email);
    const owner = await claim(registry, code);
    registry.advance(day);
    await ask(email, registry.parties.market);
    const seen = await claim(registry, code);
    expect([await namesOf(owner), await namesOf(seen)]).toEqual([['Tubely'], []]);
    expect([await provenOf(owner), await provenOf(seen)]).toEqual([[true], [false]]);
  });

  test('shows nothing new to who uses it again; a fresh proof does', async () => {
    const { email, code } = await delivered();
    const owner = await claim(registry, code);
    registry.advance(day);
    await ask(email);
    resultOf(await registry.caseCall('case.claim', { code, newKey: owner }));
    expect(await namesOf(owner)).toEqual([]);
    await findByEmail(registry, email, owner);
    expect(await namesOf(owner)).toEqual(['Tubely']);
    expect(await provenOf(owner)).toEqual([true, true]);
  });

  test('the database believes no second first use, and no proof by a shared way', async () => {
    const { sanction, code, handed } = await delivered();
    const owner = await claim(registry, code);
    const seen = await claim(registry, code);
    await claim(registry, handed);
    const { db } = registry;
    const id = (key: string) => sql`(select id from claimants where secret = ${caseKey(key)})`;
    const add = (way: string, position: number | null) => sql`
      insert into claimant_ways (claimant, sanction, way, position, first_use, at, proven_at)
      values (${id(seen)}, ${sanction}, ${way}, ${position}, true, now(), now())`;
    for (const attack of [add('delivered', 0), add('handed', null), add('ticket', 0)]) {
      expect(await sqlState(attack.execute(db))).toBe('23514');
    }
    const again = sql`update case_codes set used_by = ${id(seen)} where sanction = ${sanction} and position = 0`;
    expect(await sqlState(again.execute(db))).toBe('23514');
    expect(await sqlState(sql`update claimant_ways set first_use = true`.execute(db))).toBe(
      '42501',
    );
    await sql`drop trigger claimant_ways_first on claimant_ways`.execute(registry.ownerDb);
    expect(await sqlState(add('delivered', 0).execute(db))).toBe('accepted');
    expect(await provenOf(owner)).toEqual([true]);
  });
});

test('a code that the platform handed out proves nothing', async () => {
  const { handed } = await delivered();
  expect(await provenOf(await claim(registry, handed))).toEqual([false]);
});
