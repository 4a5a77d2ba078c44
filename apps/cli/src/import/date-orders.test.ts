import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DateOrder } from '@recourse/protocol';
import { afterAll, expect, it } from 'vitest';
import { row, writeCsv } from '../../tests/import-rows.ts';
import { findDateOrders, spelled } from './date-orders.ts';
import { readRows } from './read-rows.ts';

const dir = mkdtempSync(join(tmpdir(), 'recourse-dates-'));
afterAll(() => rmSync(dir, { recursive: true }));

/** The decisions of a file with these dates in that column, as they are read. */
async function decidedAt(dates: readonly string[], chosen?: DateOrder): Promise<unknown[]> {
  const path = join(dir, 'dates.csv');
  const rows = dates.map((decided_at, n) => row(n, { decided_at }));
  writeCsv(path, rows);
  const read: unknown[] = [];
  const orders = await findDateOrders(path, chosen);
  for await (const { values } of spelled(readRows(path), orders)) read.push(values.decided_at);
  return read;
}

it('a later row settles the order of its column, and each day has one spelling', async () => {
  expect(await decidedAt(['01/03/2026', '1.3.2026', '2026-03-01T12:00Z', '25/03/2026'])).toEqual([
    '2026-03-01',
    '2026-03-01',
    '2026-03-01T12:00Z',
    '2026-03-25',
  ]);
});

it('a file that can be read two ways is read in the order that was chosen, and in none otherwise', async () => {
  expect(await decidedAt(['01/03/2026'], 'day-first')).toEqual(['2026-03-01']);
  expect(await decidedAt(['01/03/2026'], 'month-first')).toEqual(['2026-01-03']);
  await expect(decidedAt(['01/03/2026'])).rejects.toMatchObject({
    code: 'input-invalid',
    next: expect.stringContaining('--date-order day-first') as string,
  });
});

it('dates of a column that contradicts itself, or what was chosen, are not read', async () => {
  const mixed = ['25/03/2026', '01/03/2026', '03/25/2026'];
  expect(await decidedAt(mixed)).toEqual(mixed);
  expect(await decidedAt(mixed, 'day-first')).toEqual(mixed);
  expect(await decidedAt(['01/03/2026', '25/03/2026'], 'month-first')).toEqual([
    '01/03/2026',
    '25/03/2026',
  ]);
});

it('a file without such dates needs no order', async () => {
  expect(await decidedAt(['2026-03-01', 'yesterday'])).toEqual(['2026-03-01', 'yesterday']);
});
