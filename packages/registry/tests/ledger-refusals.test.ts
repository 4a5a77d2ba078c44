import { connect, Sequencer, type Db } from '@recourse/registry';
import { freshDatabase, type FreshDatabase } from '@recourse/testkit';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { commit, drain, entriesOf, expectWhole, newSigner, signing } from './ledger-fixture.ts';
import { sqlState } from './sanctions-harness.ts';

let database: FreshDatabase;
let db: Db;
beforeAll(async () => {
  database = await freshDatabase();
  db = connect({ url: database.url, role: 'recourse_service', connections: 4 });
  await commit(db, entriesOf('a', 300));
  await drain(new Sequencer(db));
  await signing(db, await newSigner());
});
afterAll(async () => {
  await db.destroy();
  await database.drop();
});

const notAllowed = '42501';
const onlyGrows = '23514';

test.each([
  [`update ledger_entries set entry = 'b'`, notAllowed],
  [`update ledger_entries set leaf = sha256('')`, notAllowed],
  [`delete from ledger_entries where index = 299`, notAllowed],
  [`truncate ledger_entries`, notAllowed],
  [`update ledger_tiles set hashes = substring(hashes for octet_length(hashes) - 32)`, onlyGrows],
  [`update ledger_tiles set hashes = set_byte(hashes, 0, 255 - get_byte(hashes, 0))`, onlyGrows],
  [`update ledger_tiles set hashes = sha256('') || hashes where index = 1`, onlyGrows],
  [
    `insert into ledger_tiles (level, index, hashes) values (0, 1, sha256(''))
     on conflict (level, index) do update set hashes = excluded.hashes`,
    onlyGrows,
  ],
  [`update ledger_tiles set index = 7 where index = 1`, notAllowed],
  [`delete from ledger_tiles`, notAllowed],
  [`truncate ledger_tiles`, notAllowed],
  [`update ledger_state set size = size - 1, epoch = epoch + 1`, onlyGrows],
  [`update ledger_state set size = size + 1`, onlyGrows],
  [`update ledger_state set epoch = epoch - 1`, onlyGrows],
  [`update ledger_state set root = sha256('a'), epoch = epoch + 1`, onlyGrows],
  [`update ledger_state set taken = taken - 1, size = size + 1, epoch = epoch + 1`, onlyGrows],
  [`delete from ledger_state`, notAllowed],
  [`insert into ledger_state (size, root, epoch) values (0, sha256(''), 0)`, notAllowed],
  [`update ledger_checkpoints set note = 'b'`, notAllowed],
  [`delete from ledger_checkpoints`, notAllowed],
  [`truncate ledger_checkpoints`, notAllowed],
  [`alter table ledger_tiles disable trigger all`, notAllowed],
  [`drop trigger ledger_state_grows on ledger_state`, notAllowed],
  [`set session_replication_role = replica`, notAllowed],
])('the role of the service may not: %s', async (statement, code) => {
  expect(await sqlState(sql.raw(statement).execute(db))).toBe(code);
});

test('and nothing of it has changed the ledger', async () => {
  expect(await expectWhole(db)).toEqual(entriesOf('a', 300));
});
