import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fileLedgerStore } from './index.ts';

let folder: string;
beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), 'recourse-sdk-')), 'ledger');
});
afterEach(() => rm(join(folder, '..'), { recursive: true }));

describe('checkpoints in files', () => {
  it('keep the largest, for its owner only, and nothing else', async () => {
    const store = fileLedgerStore(folder);
    expect(await store.newest()).toBeUndefined();
    for (const size of [9, 10, 2, 100, 99]) await store.put({ size, note: `note ${size}` });
    expect(await fileLedgerStore(folder).newest()).toBe('note 100');
    const names = await readdir(folder);
    expect(names).toHaveLength(1);
    expect((await stat(join(folder, names[0] ?? ''))).mode & 0o077).toBe(0);
  });

  it('keep the first of one size', async () => {
    const store = fileLedgerStore(folder);
    await store.put({ size: 5, note: 'first' });
    await store.put({ size: 5, note: 'second' });
    expect(await store.newest()).toBe('first');
  });

  it('keep the first of one size, also when many put one at once', async () => {
    const waiting = new Set(
      Array.from({ length: 60 }, (_, i) =>
        fileLedgerStore(folder).put({ size: 5, note: `note ${i}` }),
      ),
    );
    waiting.forEach((put) => void put.then(() => waiting.delete(put)));
    const store = fileLedgerStore(folder);
    const seen = new Set<string | undefined>();
    while (waiting.size > 0) seen.add(await store.newest());
    seen.add(await store.newest());
    seen.delete(undefined);
    expect(seen.size).toBe(1);
  });

  it('keep the largest where a process died before it removed the others', async () => {
    await fileLedgerStore(folder).put({ size: 12, note: 'newest' });
    await writeFile(join(folder, '0000000000000003.checkpoint'), 'older');
    expect(await fileLedgerStore(folder).newest()).toBe('newest');
  });

  it('that cannot be read are an error', async () => {
    await writeFile(folder, '');
    await expect(fileLedgerStore(folder).newest()).rejects.toMatchObject({ code: 'ENOTDIR' });
  });

  it('of two processes only ever grow', async () => {
    const program = fileURLToPath(new URL('../../tests/put-checkpoints.ts', import.meta.url));
    const put = (first: string): ChildProcess =>
      fork(program, [folder, first], { execArgv: ['--conditions=@recourse/source'] });
    const processes = [put('1'), put('2')];
    const ends = processes.map((child) => once(child, 'exit'));
    const store = fileLedgerStore(folder);
    const seen: number[] = [];
    const running = new Set(processes);
    processes.forEach((child) => child.once('exit', () => running.delete(child)));
    while (running.size > 0) seen.push(Number((await store.newest()) ?? 0));
    expect((await Promise.all(ends)).map(([code]) => code as number)).toEqual([0, 0]);
    expect(seen).toEqual(seen.toSorted((a, b) => a - b));
    expect(await store.newest()).toBe('200');
    expect(await readdir(folder)).toHaveLength(1);
  }, 60_000);
});
