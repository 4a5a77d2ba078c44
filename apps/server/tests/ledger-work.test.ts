import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateKey, signerFromJwk } from '@recourse/protocol';
import {
  connect,
  insertPending,
  LedgerGuard,
  newestCheckpoint,
  readState,
} from '@recourse/registry';
import { freshDatabase } from '@recourse/testkit';
import { sql } from 'kysely';
import { expect, onTestFinished, test, vi } from 'vitest';
import { KeptCheckpoints } from '../src/ledger/kept-checkpoints.ts';
import { LedgerWork } from '../src/ledger/ledger-work.ts';
import { logNoteSigner } from '../src/ledger/log-signer.ts';
import { eventually } from './eventually.ts';

vi.setConfig({ testTimeout: 240_000 });

test('a server sees the backlog grow while another one has the state', async ({
  onTestFinished,
}) => {
  const database = await freshDatabase();
  const dir = mkdtempSync(join(tmpdir(), 'recourse-ledger-'));
  const db = connect({ url: database.url, role: 'recourse_service', connections: 4 });
  onTestFinished(async () => {
    await db.destroy();
    await database.drop();
    rmSync(dir, { recursive: true });
  });
  const ledger = new LedgerGuard();
  const failures: unknown[] = [];
  const work = new LedgerWork({
    services: { db, ledger, clock: () => new Date() },
    signer: logNoteSigner(await signerFromJwk(await generateKey()), 'http://registry.test'),
    kept: new KeptCheckpoints({ dataDir: dir }),
    mayShow: async () => true,
    look: async () => undefined,
    onFailure: (error) => failures.push(error),
    onFault: (fault) => failures.push(fault),
  });
  await insertPending(db, ['first'], new Date());
  await db.transaction().execute(async (other) => {
    await sql`select from ledger_state for update`.execute(other);
    await sql`insert into ledger_pending (seq, entries, at) overriding system value
      values (200000, '{last}', now())`.execute(db);
    work.start();
    const isFull = () => Promise.resolve(ledger.backlog.isFull);
    expect(await eventually(isFull, (full) => full)).toBe(true);
  });
  const isFull = () => Promise.resolve(ledger.backlog.isFull);
  expect(await eventually(isFull, (full) => !full)).toBe(false);
  await work.stop();
  expect(failures).toEqual([]);
});

test('what is committed while a checkpoint is signed does not wait for it', async ({
  onTestFinished,
}) => {
  const database = await freshDatabase();
  const dir = mkdtempSync(join(tmpdir(), 'recourse-ledger-'));
  const db = connect({ url: database.url, role: 'recourse_service', connections: 4 });
  onTestFinished(async () => {
    await db.destroy();
    await database.drop();
    rmSync(dir, { recursive: true });
  });
  const failures: unknown[] = [];
  const shown = Promise.withResolvers<boolean>();
  const signing = Promise.withResolvers<string>();
  const work = new LedgerWork({
    services: { db, ledger: new LedgerGuard(), clock: () => new Date() },
    signer: logNoteSigner(await signerFromJwk(await generateKey()), 'http://registry.test'),
    kept: new KeptCheckpoints({ dataDir: dir }),
    mayShow: (note) => {
      signing.resolve(note);
      return shown.promise;
    },
    look: async () => undefined,
    onFailure: (error) => failures.push(error),
    onFault: (fault) => failures.push(fault),
  });
  await insertPending(db, ['first'], new Date());
  work.start();
  await signing.promise;
  await insertPending(db, ['second'], new Date());
  const size = async () => (await readState(db)).size;
  expect(await eventually(size, (entries) => entries === 2)).toBe(2);
  expect(await newestCheckpoint(db)).toBeUndefined();
  shown.resolve(true);
  await work.stop();
  expect((await newestCheckpoint(db))?.size).toBe(2);
  expect(failures).toEqual([]);
});

/** Work of several servers over one database. */
async function servers() {
  const database = await freshDatabase();
  const db = connect({ url: database.url, role: 'recourse_service', connections: 6 });
  const signer = logNoteSigner(await signerFromJwk(await generateKey()), 'http://registry.test');
  const dirs: string[] = [];
  const failures: unknown[] = [];
  const works: LedgerWork[] = [];
  const open = (options: { mayShow?: boolean; watchesOnly?: boolean; ledger?: LedgerGuard }) => {
    const { mayShow = true, watchesOnly = false, ledger = new LedgerGuard() } = options;
    const dir = mkdtempSync(join(tmpdir(), 'recourse-ledger-'));
    dirs.push(dir);
    const work = new LedgerWork({
      services: { db, ledger, clock: () => new Date() },
      signer,
      kept: new KeptCheckpoints({ dataDir: dir }),
      mayShow: async () => mayShow,
      look: async () => undefined,
      watchesOnly,
      onFailure: (error) => failures.push(error),
      onFault: (fault) => failures.push(fault),
    });
    works.push(work);
    return work;
  };
  onTestFinished(async () => {
    for (const work of works) await work.stop();
    await db.destroy();
    await database.drop();
    for (const dir of dirs) rmSync(dir, { recursive: true });
  });
  return { db, open, failures, dirs };
}

test('a server keeps the newest checkpoint, whoever signed it', async () => {
  const { db, open, failures, dirs } = await servers();
  const [signing, following] = [open({}), open({ mayShow: false })];
  following.start();
  await insertPending(db, ['first'], new Date());
  signing.start();
  const keptIn = (dir = ''): Promise<string[]> => new KeptCheckpoints({ dataDir: dir }).read();
  const [, file = ''] = dirs;
  const [note] = await eventually(
    () => keptIn(file),
    (notes) => notes.length > 0,
  );
  expect(note?.split('\n')[1]).toBe('1');
  expect(await keptIn(dirs[0])).toEqual([note]);
  expect(failures).toEqual([]);
});

test('a server of role api counts the time in which no worker signs, so that it promises nothing late', async () => {
  const { db, open, failures } = await servers();
  const ledger = new LedgerGuard();
  const waits = () => Promise.resolve(ledger.unsignedFor > 0);
  open({ watchesOnly: true, ledger }).start();
  const silent = open({ mayShow: false });
  silent.start();
  await insertPending(db, ['first'], new Date());
  expect(await eventually(waits, (isSo) => isSo)).toBe(true);
  // It neither signed by itself, nor forgets while it looks again.
  const since = ledger.unsignedFor;
  const unsignedFor = () => Promise.resolve(ledger.unsignedFor);
  const grown = await eventually(unsignedFor, (ms) => ms > since + 2_500);
  expect(grown).toBeGreaterThan(since + 2_500);
  expect(await newestCheckpoint(db)).toBe(undefined);
  await silent.stop();
  open({}).start();
  expect(await eventually(waits, (isSo) => !isSo)).toBe(false);
  expect((await newestCheckpoint(db))?.size).toBe(1);
  expect(failures).toEqual([]);
});
