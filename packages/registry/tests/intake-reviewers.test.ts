import { startTestRegistry, type TestKey, type TestRegistry } from '@recourse/testkit';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { setGroup } from './groups-harness.ts';
import { build, problem, sqlState, submit } from './sanctions-harness.ts';

let registry: TestRegistry;
beforeEach(async () => {
  registry = await startTestRegistry();
});
afterEach(() => registry.close());

const sitting = (): TestKey[] => [...registry.parties.panel, ...registry.parties.reserve];
const affiliate = async (holder: string, party: string, until: Date | null = null) =>
  registry.db.insertInto('affiliations').values({ holder, party, until }).execute();
const send = async () =>
  registry.call(
    registry.parties.harbour.service,
    'sanctions.submit',
    await build(registry, { signedBy: registry.parties.harbour.trust }),
  );

describe('a submitter of which fewer than three reviewers are independent submits nothing new', () => {
  const refused = ['too-few-reviewers'];

  test('whoever works for it or for a company of its group counts for nothing, and three are enough', async () => {
    const { harbour, tubely, market } = registry.parties;
    await setGroup(registry, tubely, 'harbour');
    const [one, two, three] = sitting();
    await affiliate(one!.holder, harbour.id);
    await affiliate(two!.holder, tubely.id);
    await affiliate(three!.holder, market.id);
    await affiliate(three!.holder, harbour.id, new Date(registry.now().getTime() - 731 * 864e5));
    expect((await send()).status).toBe(200);
    await affiliate(three!.holder, tubely.id);
    expect(problem(await send())).toEqual(refused);
    // Its open matters are heard as before, and others notice nothing.
    const elsewhere = await build(registry, { signedBy: market.trust });
    expect((await registry.call(market.service, 'sanctions.submit', elsewhere)).status).toBe(200);
  });

  test.each([
    ['left', (key: TestKey) => sql`update holders set removed_at = now() where id = ${key.holder}`],
    [
      'is past the term',
      (key: TestKey) =>
        sql`update holders set term_until = ${registry.now()} where id = ${key.holder}`,
    ],
    ['has no key yet', (key: TestKey) => sql`delete from keys where kid = ${key.kid}`],
  ])('nor does a reviewer who %s', async (_, gone) => {
    const [, , three, four, five] = sitting();
    await gone(five!).execute(registry.ownerDb);
    await gone(four!).execute(registry.ownerDb);
    expect((await send()).status).toBe(200);
    await gone(three!).execute(registry.ownerDb);
    expect(problem(await send())).toEqual(refused);
  });

  test('the refusal is counted publicly by its own name', async () => {
    const { harbour } = registry.parties;
    for (const { holder } of sitting().slice(0, 3)) await affiliate(holder, harbour.id);
    await send();
    expect(
      await registry.db.selectFrom('refusals').select(['party', 'code', 'n']).execute(),
    ).toEqual([{ party: harbour.id, code: 'too-few-reviewers', n: 1 }]);
  });

  test('a draft is not confirmed either, nor submitted by SQL', async () => {
    const { harbour } = registry.parties;
    const draft = await registry.call(harbour.service, 'sanctions.draft', await build(registry));
    const { sanction } = draft.body.result as { sanction: `snc_${string}` };
    const { id: taken } = await submit(registry);
    for (const { holder } of sitting().slice(0, 3)) await affiliate(holder, harbour.id);
    const confirm = { sanctions: [sanction] };
    expect(problem(await registry.call(harbour.trust2, 'sanctions.confirm', confirm))).toEqual(
      refused,
    );
    const at = registry.now();
    const submitBySql = () =>
      sqlState(
        sql`update sanctions set submitted_at = ${at}, notice_due_at = ${at} where id = ${sanction}`.execute(
          registry.db,
        ),
      );
    expect(await submitBySql()).toBe('23514');
    await sql`drop trigger sanctions_heard on sanctions`.execute(registry.ownerDb);
    expect(await submitBySql()).toBe('accepted');
    const own = await registry.call(harbour.service, 'sanctions.get', {
      sanction: taken as `snc_${string}`,
    });
    expect(own.body.result.state).toBe('held');
  });
});
