import type { TestRegistry } from '@recourse/testkit';
import { sql, type RawBuilder } from 'kysely';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { settleDue } from '../src/due/settle-due.ts';
import {
  appealCase,
  assign,
  day,
  decide,
  newCase,
  sanctionOf,
  startAppealRegistry,
  takeWithKey,
} from './appeals-harness.ts';
import { resultOf } from './checks-fixture.ts';
import { build, problem } from './sanctions-harness.ts';

let registry: TestRegistry;
beforeEach(async () => {
  registry = await startAppealRegistry();
});
afterEach(() => registry.close());

const send = async (of: 'harbour' | 'tubely') => {
  const { service, trust } = registry.parties[of];
  const input = await build(registry, { signedBy: trust });
  return problem(await registry.call(service, 'sanctions.submit', input));
};

/** As many records, cases and appeals more as one has, each of its own id. */
async function copyAppeal(of: { sanction: string; appeal: string; times: number }): Promise<void> {
  const id = (prefix: string) => sql`${`${prefix}_`} || lpad(n::text, 26, '0')`;
  const sanction = id('snc');
  const copies: [string, string, Record<string, RawBuilder<unknown>>][] = [
    ['sanctions', 'id', { id: sanction, case_key: sql`'key ' || n` }],
    ['case_keys', 'sanction', { sanction }],
    ['sanction_events', 'sanction', { sanction }],
    ['case_holders', 'sanction', { sanction, key_hash: sql`'holder ' || n` }],
    ['appeals', 'sanction', { sanction, id: id('apl'), holder: sql`'holder ' || n` }],
  ];
  for (const [table, key, changed] of copies) {
    const { rows } = await sql<{ name: string }>`select attname as name from pg_attribute
      where attrelid = ${table}::regclass and attnum > 0 and not attisdropped`.execute(
      registry.ownerDb,
    );
    const names = rows.map(({ name }) => name);
    await sql`insert into ${sql.table(table)} (${sql.join(names.map((name) => sql.ref(name)))})
      select ${sql.join(names.map((name) => changed[name] ?? sql.ref(`t.${name}`)))}
      from ${sql.table(table)} t, generate_series(1, ${of.times}) as n
      where ${sql.ref(`t.${key}`)} = ${of.sanction}`.execute(registry.ownerDb);
  }
}

test('a ring of 5,000 appeals against an honest submitter neither suspends it nor lets new records in while the panel is behind', async () => {
  const { harbour, tubely, panel } = registry.parties;
  const theCase = await newCase(registry, { told: [] });
  const { id: appeal } = await appealCase(registry, theCase);
  await copyAppeal({ sanction: theCase.sanction, appeal, times: 5000 });
  const another = await newCase(registry, { by: tubely, told: [] });
  await appealCase(registry, another);
  // The panel decides what it can: a sample, manifestly unfounded.
  for (const by of [...panel, ...panel]) {
    const assigned = resultOf(await assign(registry, by)) as {
      appeal: `apl_${string}`;
      sanction: `snc_${string}`;
    };
    resultOf((await takeWithKey(registry, by, assigned.appeal)).answer);
    const decision = { outcome: 'dismissed' } as const;
    resultOf(await decide(registry, { ...assigned, by, decision }));
  }
  registry.advance(9 * day);
  expect([await send('harbour'), await send('tubely')]).toEqual([['200'], ['200']]);
  registry.advance(1.1 * day);
  expect([await send('harbour'), await send('tubely')]).toEqual([['overloaded'], ['200']]);
  registry.advance(4 * day);
  expect([await send('harbour'), await send('tubely')]).toEqual([['overloaded'], ['overloaded']]);
  const { failures } = await settleDue(registry.services, { limit: 200 });
  expect(failures).toEqual([]);
  const { submissions_suspended: suspended } = await registry.db
    .selectFrom('parties')
    .select('submissions_suspended')
    .where('id', '=', harbour.id)
    .executeTakeFirstOrThrow();
  expect(suspended).toBe(false);
  expect((await sanctionOf(registry, theCase.sanction)).state).toBe('visible');
}, 120_000);

test('an appeal that ended with its record, by time alone, keeps nobody waiting', async () => {
  const theCase = await newCase(registry, { told: [], notify: false });
  await appealCase(registry, theCase);
  registry.advance(11 * day);
  // Without a notice it was withdrawn after a week, whatever its rows say.
  expect(await send('harbour')).toEqual(['200']);
  registry.advance(4 * day);
  expect(await send('tubely')).toEqual(['200']);
  const { closed_at } = await registry.db
    .selectFrom('appeals')
    .select('closed_at')
    .where('sanction', '=', theCase.sanction)
    .executeTakeFirstOrThrow();
  expect(closed_at).toBeNull();
});
