import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateKey, signerFromJwk } from '@recourse/protocol';
import { connect, insertPending, LedgerGuard } from '@recourse/registry';
import { freshDatabase } from '@recourse/testkit';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { CheckpointFile } from '../src/ledger/checkpoint-file.ts';
import { LedgerWork } from '../src/ledger/ledger-work.ts';
import { logNoteSigner } from '../src/ledger/log-signer.ts';
import { eventually } from './ledger-fixture.ts';

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
    file: new CheckpointFile(join(dir, 'checkpoint')),
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
