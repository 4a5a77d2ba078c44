import {
  addedKey,
  insertKey,
  insertParties,
  startTestRegistry,
  testId,
  testOrigin,
  type TestRegistry,
} from '@recourse/testkit';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newRegistration } from './parties-operator-fixtures.ts';

let registry: TestRegistry;
beforeAll(async () => {
  registry = await startTestRegistry();
});
afterAll(() => registry.close());

const denied = { code: '42501' };
const violated = { code: '23514' };
const asService = (text: string) => sql.raw(text).execute(registry.db);

describe('the service role', () => {
  test.each([
    'delete from keys',
    `update keys set jwk = '{}'`,
    `update keys set party = 'panel'`,
    `update keys set role = 'reviewer'`,
    'update keys set admin = true',
    `update keys set holder = 'x'`,
    `update keys set statement = ''`,
    'update keys set position = 0',
    'update keys set active_from = now()',
    'delete from parties',
    `update parties set kind = 'operator'`,
    `update party_groups set group_name = 'other'`,
    'delete from party_groups',
    'delete from holders',
    `update holders set party = 'panel'`,
    'delete from affiliations',
    'update affiliations set until = now()',
    'update invites set admin = true',
    'update invites set expires_at = now()',
    'delete from proposals',
    `update proposals set proposed_by = ''`,
    'update proposals set execute_before = now()',
    `update proposed_inputs set input = '{}'`,
    'update proposed_inputs set expires_at = now()',
    `update enrolments set role = 'trust'`,
    'truncate keys cascade',
    'drop table keys cascade',
    'alter table keys drop constraint keys_pkey',
  ])('is not permitted to: %s', async (statement) => {
    await expect(asService(statement)).rejects.toMatchObject(denied);
  });
});

describe('the database refuses', () => {
  const row = (change: object) => ({
    id: testId('plt', registry.now()) as string,
    kind: 'platform' as const,
    name: 'Bureau',
    registration: newRegistration(),
    enrolment_kid: null,
    registered_at: registry.now(),
    submissions_per_day: null,
    elements_per_day: null,
    ...change,
  });
  const insert = (change: object) => insertParties(registry.db, [row(change)]);

  test('a platform that a state owns, or that does not say', async () => {
    await insert({});
    const { stateOwned: _, ...silent } = newRegistration();
    for (const registration of [{ ...newRegistration(), stateOwned: true }, silent, {}, []]) {
      await expect(insert({ registration })).rejects.toMatchObject(violated);
    }
    const { id } = registry.parties.harbour;
    const taken = asService(
      `update parties set registration = jsonb_set(registration, '{stateOwned}', 'true') where id = '${id}'`,
    );
    await expect(taken).rejects.toMatchObject(violated);
  });

  test('a platform without a registration, and one that calls itself the panel', async () => {
    await expect(insert({ registration: null })).rejects.toMatchObject(violated);
    await expect(insert({ kind: 'panel' })).rejects.toMatchObject(violated);
  });

  test('a registration without the one membership that it begins', async () => {
    const party = row({});
    const { id, registration, registered_at: at } = party;
    const { group } = registration;
    const joined = async (...rows: (readonly [string, Date])[]) => {
      const names = rows.map(([name]) => name);
      const since = rows.map(([, instant]) => instant.toISOString());
      await sql`with p as (
          insert into parties (id, kind, name, registration, registered_at)
          values (${id}, 'platform', 'Bureau', ${JSON.stringify(registration)}::text::jsonb, ${at}) returning id
        )
        insert into party_groups (party, group_name, since)
        select p.id, g.name, g.since::timestamptz from p, unnest(${names}::text[], ${since}::text[]) as g(name, since)`.execute(
        registry.db,
      );
    };
    const later = new Date(at.getTime() + 1);
    await expect(joined()).rejects.toMatchObject(violated);
    await expect(joined(['another', at])).rejects.toMatchObject(violated);
    await expect(joined([group, later])).rejects.toMatchObject(violated);
    await expect(joined([group, at], ['another', at])).rejects.toMatchObject(violated);
    await expect(joined([group, at])).resolves.toBeUndefined();
  });

  test('two platforms of one domain', async () => {
    const registration = newRegistration();
    await insert({ registration });
    await expect(insert({ registration })).rejects.toMatchObject({ code: '23505' });
  });

  test('keys of a role that the party does not have: no platform holds a reviewer key', async () => {
    const { harbour, panel, operator } = registry.parties;
    const seed = { db: registry.db, audience: testOrigin, now: registry.now() };
    const wrong = [
      [harbour.admin, 'reviewer'],
      [harbour.admin, 'operator'],
      [panel[0], 'trust'],
      [operator[0], 'reviewer'],
    ] as const;
    for (const [by, role] of wrong) {
      const { party, holder } = by;
      const key = await addedKey({ ...seed, party, holder, role, admin: false, by });
      await expect(insertKey(seed, key, 900)).rejects.toMatchObject(violated);
    }
  });

  test('a key of a holder of another party', async () => {
    const { harbour, panel } = registry.parties;
    const seed = { db: registry.db, audience: testOrigin, now: registry.now() };
    const identity = {
      party: harbour.id,
      holder: panel[0].holder,
      role: 'trust',
      admin: false,
    } as const;
    const key = await addedKey({ ...seed, ...identity, by: harbour.admin });
    await expect(insertKey(seed, key, 901)).rejects.toMatchObject({ code: '23503' });
  });

  test('a revocation without a reason, and a since without a compromise', async () => {
    const { kid } = registry.parties.market.service;
    const set = (columns: string) => asService(`update keys set ${columns} where kid = '${kid}'`);
    await expect(set('revoked_at = now()')).rejects.toMatchObject(violated);
    const whole = `revoked_at = now(), revoked_why = 'retired'`;
    await expect(set(whole)).rejects.toMatchObject(violated);
    const retired = set(`${whole}, revocation = '{}', compromised_since = now()`);
    await expect(retired).rejects.toMatchObject(violated);
  });
});
