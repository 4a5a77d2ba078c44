import { settleDue, type Difference, type RecoveryResult } from '@recourse/registry';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { day, startAppealRegistry } from './appeals-harness.ts';
import { found, logSeeds, named } from './doctor-fixture.ts';
import { castOf, type Cast } from './recovery-cast.ts';
import { logAndSign, recover } from './recovery-fixture.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 240_000 });

let cast: Cast;
let recovered: RecoveryResult;
/** By whoever owns the copy, before anybody has recovered it */
const olderFault = `update parties set enabled_reasons = enabled_reasons[1:2]
  where id = (select min(id) from parties where id like 'plt_%')`;
beforeAll(async () => {
  const live = await startAppealRegistry();
  await logSeeds({ db: live.db, now: live.now() });
  cast = await castOf(live);
  await sql.raw(olderFault).execute(cast.dump.ownerDb);
  recovered = await recover(cast);
  await logAndSign(cast.dump, cast.signer);
});
afterAll(async () => {
  await cast.live.close();
  await cast.dump.close();
});

const after = (...statements: string[]): Promise<Difference[]> =>
  found({ registry: cast.dump }, { key: cast.signer.key, outside: [cast.outside!] }, statements);
const older = [
  'entry-without-row parties enabled_reasons',
  'row-not-logged parties enabled_reasons',
];
/** As if no recovery had named anything */
const forgotten = 'delete from ledger_losses';

test('what a recovery lost is named once: the doctor reports none of it again', async () => {
  expect(recovered.losses).toBeGreaterThan(20);
  const all = await after(forgotten);
  expect(all.length).toBeGreaterThan(20);
  const rest = named(await after()).filter((one) => !older.includes(one));
  expect(rest).toEqual([]);
});

test('what differed before the recovery is reported all the same', async () => {
  expect(named(await after()).toSorted()).toEqual(older);
});

describe('a fault made after it is reported', () => {
  test.each([
    [
      'a disclosure is deleted',
      'delete from disclosures where ctid = (select min(ctid) from disclosures)',
      'disclosures',
    ],
    ['a key is deleted', 'delete from keys where ctid = (select min(ctid) from keys)', 'keys'],
    [
      'an opening is deleted',
      'delete from openings where seq = (select min(seq) from openings where sanction is not null)',
      'opening-missing',
    ],
    [
      'a call is deleted',
      'delete from audit_groups where ctid = (select min(ctid) from audit_groups)',
      'audit',
    ],
    ['an entry is deleted', 'delete from ledger_entries where index = 5', 'entries-differ'],
  ])('%s', async (_, statement, place) => {
    const differences = named(await after(statement)).filter((one) => !older.includes(one));
    expect(differences.some((difference) => difference.includes(place))).toBe(true);
  });

  test('an end is deleted of a record that had ended before the copy', async () => {
    const end = `delete from ends where sanction = '${cast.waiting.sanction}'`;
    expect(named(await after(end))).toContain('entry-without-row ends ended');
  });

  test('also in a row that a recovery has named: it says something else by now', async () => {
    const id = cast.withdrawn.sanction;
    const changed = `update ends set kind = 'expired' where sanction = '${id}'`;
    const differences = await after(changed);
    expect(differences).toContainEqual({
      code: 'row-not-logged',
      table: 'ends',
      id,
      what: 'ended',
    });
  });
});

describe('rows of the losses that no recovery logged hide nothing', () => {
  test.each([
    ['one more', `insert into ledger_losses select from_size, sha256('x') from ledger_recoveries`],
    ['one less', 'delete from ledger_losses where loss = (select min(loss) from ledger_losses)'],
    [
      'another',
      `update ledger_losses set loss = sha256('x') where loss = (select min(loss) from ledger_losses)`,
    ],
  ])('%s', async (_, statement) => {
    const differences = await after(statement);
    expect(differences).toContainEqual(
      expect.objectContaining({ code: 'losses-differ', table: 'ledger_losses' }),
    );
    expect(differences.length).toBeGreaterThan(20);
  });

  test('a server can write none', async () => {
    const insert = sql`insert into ledger_losses select from_size, sha256('x') from ledger_recoveries`;
    await expect(insert.execute(cast.dump.db)).rejects.toMatchObject({ code: '42501' });
  });
});

test('a case that is erased after the recovery is missed by nobody', async () => {
  const { dump, signer } = cast;
  const erased = () =>
    dump.db.selectFrom('sanctions').select('id').where('erased_at', 'is not', null).execute();
  const before = (await erased()).length;
  dump.advance(200 * day);
  await settleDue(dump.services);
  await logAndSign(dump, signer);
  expect((await erased()).length).toBeGreaterThan(before);
  expect(named(await after()).toSorted()).toEqual(older);
});
