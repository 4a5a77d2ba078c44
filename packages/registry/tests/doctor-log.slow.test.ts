import { Vault, type Difference } from '@recourse/registry';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { found, named, startExamined, type ExaminedRegistry } from './doctor-fixture.ts';
import { newSigner } from './ledger-fixture.ts';
import { build } from './sanctions-harness.ts';

let examined: ExaminedRegistry;
beforeAll(async () => {
  examined = await startExamined();
}, 120_000);
afterAll(() => examined.registry.close());

const after = (...statements: string[]): Promise<Difference[]> =>
  found(examined, { key: examined.signer.key, outside: examined.notes }, statements);

test('tables and log of a registry that was used by its calls are one', async () => {
  expect(await after()).toEqual([]);
  const { rows } = await sql<{ n: number }>`select count(*)::int as n from ledger_entries`.execute(
    examined.registry.db,
  );
  expect(rows[0]?.n).toBeGreaterThan(256);
});

describe('the log itself', () => {
  const entryOf = (type: string): string =>
    `index = (select min(index) from ledger_entries where entry ~ '"type":"${type}"')`;

  test.each<[string, string, string[]]>([
    [
      'an entry was deleted',
      `delete from ledger_entries where index = 3`,
      ['entries-differ entry 3'],
    ],
    [
      'an entry was changed',
      `update ledger_entries set entry = replace(entry, '"v":1', '"v":2') where index = 3`,
      ['entries-differ entry 3'],
    ],
    [
      'an entry was changed with its leaf',
      `update ledger_entries set entry = entry || ' ', leaf = sha256('\\x00' || convert_to(entry || ' ', 'utf8')) where index = 3`,
      ['entries-differ entry 3'],
    ],
    [
      'a leaf was changed',
      `update ledger_entries set leaf = sha256('') where index = 3`,
      ['entries-differ entry 3'],
    ],
    [
      'a byte of a full tile was changed',
      `update ledger_tiles set hashes = set_byte(hashes, 70, 255 - get_byte(hashes, 70)) where level = 0 and index = 0`,
      ['tiles-differ tile 0/0'],
    ],
    [
      'a byte of a partial tile was changed',
      `update ledger_tiles set hashes = set_byte(hashes, 0, 255 - get_byte(hashes, 0)) where level = 0 and index = 1`,
      ['tiles-differ tile 0/1'],
    ],
    [
      'a byte of a higher tile was changed',
      `update ledger_tiles set hashes = set_byte(hashes, 0, 255 - get_byte(hashes, 0)) where level = 1`,
      ['tiles-differ tile 1/0'],
    ],
    [
      'a tile was deleted',
      `delete from ledger_tiles where level = 0 and index = 0`,
      ['tiles-differ tile 0/0'],
    ],
    ['the root was changed', `update ledger_state set root = sha256('')`, ['tiles-differ state']],
    [
      'a row stands beyond the state',
      `insert into ledger_entries (index, leaf, entry) values (99999, sha256(''), 'x')`,
      ['entries-differ beyond the state'],
    ],
    [
      'a checkpoint was replaced',
      `update ledger_checkpoints set note = translate(note, 'ABCDEFGHIJKLM', 'BCDEFGHIJKLMA')`,
      ['checkpoint-differs ledger_checkpoints signature'],
    ],
    [
      'an entry of nothing was added to what waits',
      `insert into ledger_pending (entries, at) values (array['{"at":"2026-01-01T00:00:00Z","detail":{"epoch":9,"hash":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA","list":"all","version":1},"type":"prefix-set","v":1}'], now())`,
      ['entry-without-row prefix_versions header'],
    ],
    [
      'a sealed entry of nobody was added to what waits',
      `insert into ledger_pending (entries, at) select array[replace(entry, '"ref":"', '"ref":"A')], now()
        from ledger_entries where ${entryOf('notice-delivered')}`,
      ['entries-differ no entry, or one that is there before'],
    ],
    ['what waits was deleted', `delete from ledger_pending`, ['row-not-logged audit']],
  ])('%s', async (_, statement, expected) => {
    const differences = named(await after(statement));
    expect(differences).toEqual(expect.arrayContaining(expected));
    expect(differences.some((name) => name.startsWith('tiles-differ'))).toBe(
      expected.some((name) => name.startsWith('tiles-differ')),
    );
  });

  test('is not that of a checkpoint kept outside', async () => {
    const [note = ''] = examined.notes;
    const other = await newSigner();
    const trusted = { key: examined.signer.key, outside: [note] };
    const rolledBack = `update ledger_checkpoints set note = note`;
    expect(await found(examined, trusted, [rolledBack])).toEqual([]);
    expect(named(await found(examined, { ...trusted, key: other.key }, []))).toEqual([
      'checkpoint-differs ledger_checkpoints signature',
    ]);
  });

  test('opens to no other vault, and no row is blamed for it', async () => {
    const vault = new Vault(new Uint8Array(32));
    const codes = await found(examined, { key: examined.signer.key, vault }, []);
    expect([...new Set(codes.map(({ code }) => code))]).toEqual(['case-key-missing']);
  });
});

test('two calls of one jti are told apart, where the first was forgotten before the second came', async () => {
  const { registry } = examined;
  const { service } = registry.parties.harbour;
  const jti = 'twice'.repeat(5);
  const forget = async (): Promise<void> => {
    await sql`truncate seen_0, seen_1, seen_2`.execute(registry.ownerDb);
    registry.advance(600);
  };
  expect((await registry.call(service, 'sanctions.list', {}, { jti })).status).toBe(200);
  await forget();
  const submission = await build(registry);
  expect((await registry.call(service, 'sanctions.submit', submission, { jti })).status).toBe(200);
  await forget();
  expect((await registry.call(service, 'sanctions.list', {}, { jti })).status).toBe(200);
  expect(await after()).toEqual([]);
});
