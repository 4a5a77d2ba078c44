import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { connect } from '@recourse/registry';
import { workerPostgres } from '@recourse/testkit';
import { sql as query } from 'kysely';
import { expect, test } from 'vitest';
import { copyOut, inTransaction } from '../src/backup/raw-connection.ts';

const { url, ownerUrl } = workerPostgres();
const [rows, width] = [20, 200_000];
/** Rows that fill a stream at once. */
const large = `copy (select repeat('x', ${width}) from generate_series(1, ${rows})) to stdout`;

test('a table of large rows is read to its end, and so are those after it', async () => {
  const lengths: number[] = [];
  await inTransaction(url, '', async (sql) => {
    for (let n = 0; n < 5; n++)
      await copyOut(sql, large, async (out) => {
        let length = 0;
        out.on('data', (chunk: Buffer) => (length += chunk.length));
        await pipeline(out, createGzip(), new Writable({ write: (_, __, done) => done() }));
        lengths.push(length);
      });
  });
  expect(lengths).toEqual(Array(5).fill(rows * (width + 1)));
});

test('a reader that fails ends the transaction, which does not wait for the rest', async () => {
  const full = new Writable({
    write: (_, __, done) =>
      done(Object.assign(new Error('no space'), { code: 'ENOSPC', errno: -28 })),
  });
  const reading = inTransaction(url, '', (sql) =>
    copyOut(sql, large, (out) => pipeline(out, full)),
  );
  await expect(reading).rejects.toThrow('no space');
});

test('a connection that is cut while a table is read is an error that says what to do', async () => {
  const db = connect({ url, connections: 1 });
  const reading = inTransaction(url, '', async (sql) => {
    const [own] = await sql<[{ pid: number }]>`select pg_backend_pid() as pid`;
    const cut = query`select pg_terminate_backend(${own.pid})`;
    let isCut: Promise<unknown> | undefined;
    // It holds up the rest until the connection is cut.
    await copyOut(sql, large, (out) =>
      pipeline(out, async (chunks) => {
        for await (const _ of chunks) await (isCut ??= cut.execute(db));
      }),
    );
  });
  await expect(reading).rejects.toMatchObject({
    code: 'database_unreachable',
    message: expect.stringContaining('run the command again') as string,
  });
  await db.destroy();
});

test('what failed in its work is rolled back', async () => {
  const failing = inTransaction(ownerUrl, '', async (sql) => {
    await sql`create table left_behind ()`;
    await sql`select 1 / 0`;
  });
  await expect(failing).rejects.toThrow('division by zero');
  const db = connect({ url, connections: 1 });
  const { rows: found } =
    await query`select from pg_tables where tablename = 'left_behind'`.execute(db);
  await db.destroy();
  expect(found).toHaveLength(0);
});
