import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { columns, requiredColumns, type Row } from './columns.ts';
import { readRows } from './read-rows.ts';

const dir = mkdtempSync(join(tmpdir(), 'recourse-rows-'));
afterAll(() => rmSync(dir, { recursive: true }));

async function collected(path: string): Promise<Row[]> {
  const rows: Row[] = [];
  for await (const row of readRows(path)) rows.push(row);
  return rows;
}

async function rowsOf(name: string, text: string): Promise<Row[]> {
  const path = join(dir, name);
  writeFileSync(path, text);
  return collected(path);
}

const header = columns.join(',');
const line = (id: string): string =>
  columns.map((name) => (name === 'external_id' ? id : 'x')).join(',');

describe('CSV', () => {
  it('gives each row its line and how far into the file it ends', async () => {
    const text = `\uFEFF${header}\n${line('a')}\n\n${line('b')}\n`;
    const rows = await rowsOf('a.csv', text);
    expect(rows.map(({ line, values }) => [line, values.external_id])).toEqual([
      [2, 'a'],
      [4, 'b'],
    ]);
    expect(rows.at(-1)?.position).toBeLessThanOrEqual(Buffer.byteLength(text));
    expect(rows.at(-1)?.position).toBeGreaterThan(Buffer.byteLength(text) - 5);
  });

  it('goes on after a row with too few or too many cells, and after a misplaced quote', async () => {
    const quoted = line('q').replace('q', 'q"uoted');
    const rows = await rowsOf(
      'b.csv',
      [header, 'a,b', `${line('c')},x`, quoted, line('d')].join('\n'),
    );
    expect(rows.map(({ broken }) => broken)).toEqual([
      'column-count',
      'column-count',
      'invalid-opening-quote',
      undefined,
    ]);
    expect(rows.at(-1)?.values.external_id).toBe('d');
  });

  it('refuses a header that lacks a column or has one that is not known', async () => {
    const without = requiredColumns.filter((name) => name !== 'control').join(',');
    await expect(rowsOf('c.csv', `${without}\n`)).rejects.toMatchObject({ code: 'input-invalid' });
    await expect(rowsOf('d.csv', `${header},notes\n`)).rejects.toMatchObject({
      code: 'input-invalid',
    });
    await expect(rowsOf('e.csv', '')).rejects.toMatchObject({ code: 'input-invalid' });
  });

  it('names a file that is not there', async () => {
    const read = collected(join(dir, 'none.csv'));
    await expect(read).rejects.toMatchObject({ code: 'file-unreadable' });
  });
});

describe('NDJSON', () => {
  it('takes objects with the columns as members, of text or numbers', async () => {
    const text = [
      '{"external_id":"a","policy":0,"attest":["no-authority","no-takeover"]}',
      '',
      '{',
      '[]',
      '{"x":1}',
    ];
    expect(await rowsOf('a.ndjson', text.join('\n'))).toMatchObject([
      { line: 1, values: { external_id: 'a', policy: '0', attest: 'no-authority no-takeover' } },
      { line: 3, broken: 'not-json' },
      { line: 4, broken: 'not-an-object' },
      { line: 5, broken: 'unknown-column' },
    ]);
  });
});
