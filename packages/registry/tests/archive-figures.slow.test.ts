import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, type Db } from '@recourse/registry';
import { startPostgres } from '@recourse/testkit';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readArchiveFigures } from '../src/readers/figures/figures-store.ts';

const dir = mkdtempSync(join(tmpdir(), 'recourse-archive-'));
/** The archive takes what it is given while this is there. */
const takesIt = join(dir, 'takes-it');
let postgres: Awaited<ReturnType<typeof startPostgres>>;
let [admin, service]: Db[] = [];
beforeAll(async () => {
  const settings = { archive_mode: 'on', archive_command: `test -f ${takesIt}` };
  postgres = await startPostgres({ dir, settings });
  admin = connect({ url: postgres.adminUrl, connections: 1 });
  service = connect({ url: postgres.url, connections: 1 });
});
afterAll(async () => {
  await Promise.all([admin?.destroy(), service?.destroy()]);
  await postgres.stop();
  rmSync(dir, { recursive: true });
});

const figures = () => readArchiveFigures(service!);

test('an archive that fails is read by the role of a server, and one that goes on again', async () => {
  expect(await figures()).toEqual({ isOn: true, isFailing: false, newestAt: null });
  await sql`create table archived (n int)`.execute(admin!);
  await sql`select pg_switch_wal()`.execute(admin!);
  await expect.poll(figures).toEqual({ isOn: true, isFailing: true, newestAt: null });
  writeFileSync(takesIt, '');
  // PostgreSQL waits a minute after three failures, if nobody wakes it.
  await sql`insert into archived values (1)`.execute(admin!);
  await sql`select pg_switch_wal()`.execute(admin!);
  await expect
    .poll(figures, { timeout: 90_000 })
    .toMatchObject({ isOn: true, isFailing: false, newestAt: expect.any(Date) });
}, 120_000);
