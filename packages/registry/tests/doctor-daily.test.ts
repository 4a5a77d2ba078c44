import { Sequencer, Vault, type Db, type Difference } from '@recourse/registry';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { examineIn, examineLedger } from '../src/readers/doctor/examine-ledger.ts';
import { readPlace } from '../src/readers/doctor/place-store.ts';
import { dropRules, named, startExamined, type ExaminedRegistry } from './doctor-fixture.ts';
import { drain, signing } from './ledger-fixture.ts';
import { submit, withdraw } from './sanctions-harness.ts';

let examined: ExaminedRegistry;
/** A record to which nothing happened since the place was kept; one that was withdrawn since; one of since. */
let [untouched, touched, young] = ['', '', ''];
beforeAll(async () => {
  examined = await startExamined();
  const { registry, signer, notes } = examined;
  untouched = (await submit(registry)).id;
  touched = (await submit(registry)).id;
  if (!(await run()).isKept) throw new Error('something differs');
  await withdraw(registry, touched);
  young = (await submit(registry)).id;
  await drain(new Sequencer(registry.db));
  await signing(registry.db, signer, notes);
  // This one waits.
  await submit(registry);
}, 120_000);
afterAll(() => examined.registry.close());

const input = (found: Difference[], isWhole: boolean) => ({
  vault: examined.registry.services.vault,
  key: examined.signer.key,
  outside: examined.notes,
  isWhole,
  onDifference: (difference: Difference) => void found.push(difference),
  onProgress: () => {},
});

async function run(isWhole = false) {
  const found: Difference[] = [];
  return { found, ...(await examineLedger(examined.registry.db, input(found, isWhole))) };
}

/** What a run sees after the owner of the schema has done this; it is undone then. */
async function after(statements: readonly string[], { isWhole = false, vault }: Looking = {}) {
  const found: Difference[] = [];
  const look = async (db: Db) => {
    if (statements.length > 0) await sql.raw(dropRules).execute(db);
    for (const statement of statements) {
      const { numAffectedRows = 1n } = await sql.raw(statement).execute(db);
      if (numAffectedRows === 0n) throw new Error(`nothing to do: ${statement}`);
    }
    const trusted = vault ? { vault } : {};
    return examineIn(db, { ...input(found, isWhole), ...trusted });
  };
  const trx = await examined.registry.ownerDb.startTransaction().execute();
  try {
    return { found, ...(await look(trx)) };
  } finally {
    await trx.rollback().execute();
  }
}

interface Looking {
  readonly isWhole?: boolean;
  readonly vault?: Vault;
}

test('what came after the kept place agrees, and what nothing happened to is not read', async () => {
  const daily = await after([]);
  const whole = await after([], { isWhole: true });
  expect([daily.found, whole.found]).toEqual([[], []]);
  expect([daily.since?.size, whole.since]).toEqual([expect.any(Number), undefined]);
  const rows = ({ compared }: typeof daily, name: string): number =>
    compared.find(({ table }) => table === name)!.rows;
  expect(rows(daily, 'sanctions')).toBe(3);
  for (const table of ['ledger_entries', 'openings', 'audit', 'sanction_events'])
    expect([table, 4 * rows(daily, table) < rows(whole, table)]).toEqual([table, true]);
  for (const table of ['parties', 'keys', 'holders'])
    expect([table, rows(daily, table)]).toEqual([table, rows(whole, table)]);
});

const edits: [string, (id: string) => string, string][] = [
  [
    'a column of the statement',
    (id) => `update sanctions set decided_at = decided_at - interval '1 day' where id = '${id}'`,
    'statement-differs sanctions decided_at',
  ],
  [
    'a line of the history',
    (id) => `delete from sanction_events where sanction = '${id}' and event = 'submitted'`,
    'entry-without-row sanction_events sanction-submitted',
  ],
  [
    'an end that nobody said',
    (id) => `insert into suspensions (sanction, cause, since) values ('${id}', 'order', now())`,
    'row-not-logged suspensions suspended',
  ],
  [
    'the key of the case',
    (id) => `delete from case_keys where sanction = '${id}'`,
    'case-key-missing case_keys',
  ],
];

describe('an edit of a row', () => {
  test.each(edits)('is found in a case that was touched: %s', async (_, edit, expected) => {
    expect(named((await after([edit(touched)])).found)).toContain(expected);
    expect(named((await after([edit(young)])).found)).toContain(expected);
  });

  test.each(edits)(
    'is not looked at in one that was not, and found by the whole: %s',
    async (...[, edit, expected]) => {
      const daily = await after([edit(untouched)]);
      expect([daily.found, daily.since !== undefined]).toEqual([[], true]);
      const whole = await after([edit(untouched)], { isWhole: true });
      expect(named(whole.found)).toContain(expected);
    },
  );

  test.each([
    [
      'of a party, whenever that was',
      `update parties set submissions_per_day = 7 where id = (
        select id from parties where submissions_per_day is not null order by id limit 1)`,
      'row-not-logged parties submissions_per_day',
    ],
    [
      'of a call of since',
      `update audit_groups set calls = set_byte(calls, length(calls) - 3, 255 - get_byte(calls, length(calls) - 3))
        where at = (select max(at) from audit_groups)`,
      'calls-differ audit root',
    ],
    [
      'of an opening of since',
      `delete from openings where seq = (select max(seq) from openings where sanction is not null)`,
      'opening-missing',
    ],
    [
      'of an entry of since',
      `update ledger_entries set entry = replace(entry, '"v":1', '"v":2') where index = (
        select max(index) from ledger_entries)`,
      'entries-differ',
    ],
  ])('is found: %s', async (_, edit, expected) => {
    const names = named((await after([edit])).found);
    expect(names.filter((name) => name.startsWith(expected))).not.toEqual([]);
  });

  test('is found where it planted a call without an entry', async () => {
    const planted = `insert into audit_groups (at, entry, calls) select now() + interval '1 minute', sha256('planted'), calls
      from audit_groups limit 1`;
    expect(named((await after([planted])).found)).toEqual(['row-not-logged audit']);
  });
});

describe('a place is believed', () => {
  const place = (change: string): string =>
    `update doctor_place set place = (place::jsonb || '${change}')::text`;

  test.each([
    ['by nobody who moved it on', place('{"size":1000000}')],
    ['by nobody who says that more was seen', place('{"snapshot":"9999:9999:"}')],
    ['by no other rules or copy', `update doctor_place set basis = basis || ' '`],
    ['by nobody who sealed it otherwise', `update doctor_place set mac = sha256(mac)`],
    [
      'by no log that was another before it',
      `update ledger_tiles set hashes = set_byte(hashes, 0, 255 - get_byte(hashes, 0)) where level = 1`,
    ],
    ['by no shorter log', `update ledger_state set size = 300`],
    [
      'after a recovery',
      `insert into ledger_recoveries (from_size, applied, counts, faults, finished_at)
      values (1, 1, '{}', '{}', now())`,
    ],
  ])('%s: all is compared', async (_, statement) => {
    expect((await after([statement])).since).toBe(undefined);
  });

  test('by no other vault', async () => {
    const vault = new Vault(new Uint8Array(32));
    expect((await after([], { vault })).since).toBe(undefined);
  });
});

test('a finding moves no place on, and is found again until it is mended', async () => {
  const { registry } = examined;
  const { db, ownerDb, services } = registry;
  const change = (seconds: number) =>
    sql`update sanctions set next_at = next_at + make_interval(secs => ${seconds}) where id = ${untouched}`.execute(
      ownerDb,
    );
  const before = await readPlace(db, services.vault);
  await change(1);
  // Nothing says that this was looked at.
  expect(await run()).toMatchObject({ found: [], isKept: true, since: { size: before?.size } });
  const moved = await readPlace(db, services.vault);
  expect([moved!.size > before!.size, moved!.wholeAt]).toEqual([true, before!.wholeAt]);
  const found = [{ code: 'next-differs', id: untouched }];
  expect(await run(true)).toMatchObject({ found, isKept: false });
  expect(await readPlace(db, services.vault)).toBe(undefined);
  const again = await run();
  expect(again).toMatchObject({ found, isKept: false });
  expect(again.since).toBe(undefined);
  await change(-1);
  expect(await run()).toMatchObject({ found: [], isKept: true });
  expect((await run()).since).toBeDefined();
}, 30_000);

test('what waited and was compared is missed when it is gone', async () => {
  const { registry } = examined;
  await submit(registry);
  expect(await run()).toMatchObject({ found: [], isKept: true });
  expect((await after([])).found).toEqual([]);
  const gone = named((await after([`delete from ledger_pending`])).found);
  expect(gone.filter((name) => name.startsWith('entries-differ none has leaf'))).not.toEqual([]);
  await drain(new Sequencer(registry.db));
  expect((await run()).found).toEqual([]);
});
