import { caseKey, toBase64url, type Id } from '@recourse/protocol';
import { Sequencer } from '@recourse/registry';
import { newSecret, type TestRegistry, workerPostgres } from '@recourse/testkit';
import { sql } from 'kysely';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import postgres from 'postgres';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { caseAbout, findByEmail, proveAll } from './cases-fixture.ts';
import { newCase, startAppealRegistry, day } from './appeals-harness.ts';
import { resultOf } from './checks-fixture.ts';
import { found, logSeeds, named } from './doctor-fixture.ts';
import { makeHistory } from './doctor-history.ts';
import { drain, expectWhole, newSigner, signing } from './ledger-fixture.ts';
import { keptNow, recordInputs, Search, searchTables, type Needle } from './needles.ts';
import { acknowledge, tell } from './recalls-fixture.ts';
import { withdraw } from './sanctions-harness.ts';
import { swapSealed } from './sealed-swaps.ts';
import { settleAll } from './due-fixture.ts';

let registry: TestRegistry;
let before: Needle[];
let inputs: Needle[];
const notes: string[] = [];
const signer = await newSigner();

beforeAll(async () => {
  registry = await startAppealRegistry();
  await logSeeds({ db: registry.db, now: registry.now() });
  inputs = recordInputs(registry);
  await manyKinds();
  before = await keptNow(registry);
}, 120_000);
afterAll(() => registry.close());

/** Reversed, upheld, amended, found wrong, lapsed, conceded, withdrawn, expired, drafted, told, found, and by a ticket. */
async function manyKinds(): Promise<void> {
  await tell(registry, [registry.parties.tubely, registry.parties.market]);
  await makeHistory(registry);
  // Or checks would have stopped by now.
  await acknowledgeAll();
  await withFile();
  await withOthers();
  await foundAndVouched();
}

async function withFile(): Promise<void> {
  const { key } = await newCase(registry);
  await proveAll(registry, key);
  const words = 'Nobody but my sister had that phone.';
  await registry.caseCall('case.appeal', { key, ground: 'not-me', words, language: 'en' });
  const bytes = toBase64url(Buffer.from('A letter of the phone company, from May.'));
  const file = { key, name: 'letter-of-may.txt', mediaType: 'text/plain', bytes } as const;
  expect((await registry.caseCall('case.addFile', file)).status).toBe(200);
  const answer = { key, text: 'I forgot: it was stolen in April.' };
  expect((await registry.caseCall('case.addInformation', answer)).status).toBe(200);
}

/** Who else acts on a case, and where its news go to. */
async function withOthers(): Promise<void> {
  const { key } = await newCase(registry);
  const email = 'ann.of.march@mail.example';
  resultOf(await registry.caseCall('case.setContact', { key, email, language: 'en' }));
  const code = registry.proofs.mails.at(-1)!.code;
  resultOf(await registry.caseCall('case.confirmContact', { key, code }));
  const invited = { key, code: newSecret(), as: 'representative', name: 'Aunt Berta' } as const;
  resultOf(await registry.caseCall('case.invite', invited));
  const accepted = { code: invited.code, newKey: newSecret() };
  resultOf(await registry.caseCall('case.accept', accepted));
}

async function foundAndVouched(): Promise<void> {
  const identifiers = ['ann.of.april@mail.example', 'acct:7771@tubely.example'] as const;
  await caseAbout(registry, [
    ['email', identifiers[0]],
    ['account', identifiers[1]],
  ]);
  await findByEmail(registry, identifiers[0]);
  const secret = newSecret();
  const ticket = {
    identifier: identifiers[1],
    kind: 'account',
    request: caseKey(secret),
  } as const;
  resultOf(await registry.call(registry.parties.tubely.trust, 'subjects.ticket', ticket));
  const used = await registry.caseCall('case.ticket', { secret, newKey: newSecret() });
  expect(used.status).toBe(200);
}

/** Twenty days on, with every job as it runs, and every recall acknowledged. */
async function twentyDays(): Promise<void> {
  registry.advance(20 * day);
  await settleAll(registry.services);
  await acknowledgeAll();
}

async function acknowledgeAll(): Promise<void> {
  const open = await registry.db
    .selectFrom('recalls')
    .select(['id', 'party', 'kind'])
    .where('acknowledgement', 'is', null)
    .where('superseded_by', 'is', null)
    .execute();
  for (const { id, party, kind } of open) {
    const key = platform(party).service;
    resultOf(await acknowledge(registry, id, { key, action: actions[kind] }));
  }
}

const platform = (id: string) =>
  Object.values(registry.parties)
    .flatMap((one) => ('service' in one ? one : []))
    .find((one) => one.id === id)!;

const actions = { undo: 'undone', pause: 'paused', correct: 'corrected' } as const;

/** What a platform still stands by after half a year, it gives up: nothing is live at the end. */
async function withdrawAll(): Promise<void> {
  const { rows } = await sql<{ id: Id<'snc'>; party: string }>`
    select id, party from sanctions where not end_recorded`.execute(registry.db);
  for (const { id, party } of rows) {
    resultOf(await withdraw(registry, id, { key: platform(party).trust }));
  }
}

/** The files of the database, after everything that is dead was taken out of them. */
async function searchFiles(search: Search): Promise<string[]> {
  const name = new URL(registry.url).pathname.slice(1);
  const admin = postgres(
    Object.assign(new URL(workerPostgres().adminUrl), { pathname: `/${name}` }).href,
    { max: 1, onnotice: () => undefined },
  );
  // The statistics of the planner are samples of values.
  await admin.unsafe('analyze');
  await admin.unsafe('vacuum full');
  await admin.unsafe('checkpoint');
  const [at] = await admin<{ dir: string; oid: number }[]>`
    select current_setting('data_directory') as dir, oid from pg_database
    where datname = current_database()`;
  await admin.end();
  const folder = join(at!.dir, 'base', String(at!.oid));
  const found = readdirSync(folder).flatMap((file) =>
    [...search.in(readFileSync(join(folder, file)))].map((kind) => `${kind} in ${file}`),
  );
  return found.toSorted();
}

test('no sealed value opens in another column, row or case', async () => {
  const { tried, opened } = await swapSealed(registry);
  expect(opened).toEqual([]);
  expect(tried).toBeGreaterThan(300);
}, 120_000);

test('400 days later nothing that was put in is found in any column or file of the database', async () => {
  const search = new Search([...inputs, ...before]);
  const kinds = new Set(before.map(({ kind }) => kind));
  // It finds all of them where they are.
  const there = (await searchTables(registry, search)).map((found) => found.split(' in ')[0]);
  expect(new Set(there)).toEqual(new Set([...there, ...kinds]));
  expect((await searchFiles(search)).length).toBeGreaterThan(kinds.size);
  for (let days = 20; days <= 400; days += 20) {
    await twentyDays();
    if (days === 200) await withdrawAll();
  }
  // The registry goes on: statistics of an empty table would not be made anew.
  await newCase(registry);
  expect(await searchTables(registry, search)).toEqual([]);
  // What a transaction that runs beside it may still see is left by one pass, and gone with the next.
  await expect.poll(() => searchFiles(search), { timeout: 60_000, interval: 1_000 }).toEqual([]);
}, 300_000);

test('the ledger is whole, and the doctor finds no difference', async () => {
  await drain(new Sequencer(registry.db));
  await signing(registry.db, signer, notes);
  await expectWhole(registry.db);
  expect(await found({ registry }, { key: signer.key, outside: notes }, [])).toEqual([]);
}, 60_000);

test('a key that was made away with under another entry is missing to the doctor', async () => {
  const differences = await found({ registry }, { key: signer.key, outside: notes }, [
    `update sanctions set erased_leaf = (
        select leaf from ledger_entries where entry ~ '"type":"sanction-ended"' limit 1)
      where id = (select min(id) from sanctions where erased_leaf is not null)`,
  ]);
  expect(named(differences)).toEqual(['case-key-missing case_keys']);
}, 60_000);
