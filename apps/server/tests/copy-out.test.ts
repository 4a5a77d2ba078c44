import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { workerPostgres } from '@recourse/testkit';
import { expect, test } from 'vitest';
import { copyOut, inTransaction } from '../src/backup/raw-connection.ts';

const { url } = workerPostgres();
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
  const full = new Writable({ write: (_, __, done) => done(new Error('no space')) });
  const reading = inTransaction(url, '', (sql) =>
    copyOut(sql, large, (out) => pipeline(out, full)),
  );
  await expect(reading).rejects.toThrow('no space');
});
