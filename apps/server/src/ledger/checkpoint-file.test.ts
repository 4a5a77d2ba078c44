import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { CheckpointFile, CheckpointFolder } from './checkpoint-file.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'recourse-kept-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

const note = (size: number, root = 'root'): string =>
  `registry.test/ledger\n${size}\n${root}\n\n\u2014 registry.test/ledger AAAA\n`;

describe('the file of a server', () => {
  test('two servers in one data directory write it at once, and nothing is left beside it', async () => {
    const path = join(dir, 'checkpoint');
    const servers = [new CheckpointFile(path), new CheckpointFile(path)];
    const all = Array.from({ length: 40 }, (_, i) => servers[i % 2]!.keep(note(i + 1)));
    await Promise.all(all);
    await servers[0]!.keep(note(41));
    expect(readdirSync(dir)).toEqual(['checkpoint']);
    expect(await servers[1]!.read()).toEqual([note(41)]);
  });

  test('is not replaced by an older one', async () => {
    const file = new CheckpointFile(join(dir, 'checkpoint'));
    for (const size of [7, 9, 8]) await file.keep(note(size));
    expect(readFileSync(join(dir, 'checkpoint'), 'utf8')).toBe(note(9));
  });
});

describe('the folder of all servers', () => {
  test('of two writers of one size with two roots, one fails, and what is there stays', async () => {
    const [a, b] = [new CheckpointFolder(dir), new CheckpointFolder(dir)];
    const done = await Promise.allSettled([a.keep(note(5, 'a')), b.keep(note(5, 'b'))]);
    const failed = done.filter(({ status }) => status === 'rejected');
    expect(failed).toMatchObject([{ reason: { code: 'forked' } }]);
    expect(readdirSync(dir)).toEqual(['checkpoint-5']);
  });

  test('a size that is there with a cosignature more is the same', async () => {
    writeFileSync(join(dir, 'checkpoint-5'), `${note(5)}\u2014 witness AAAA\n`);
    await new CheckpointFolder(dir).keep(note(5));
    expect(readFileSync(join(dir, 'checkpoint-5'), 'utf8')).toContain('witness');
  });

  test('keeps the newest few, and whatever was not compared', async () => {
    const folder = new CheckpointFolder(dir);
    for (let size = 1; size <= 30; size++) {
      await folder.read();
      await folder.keep(note(size * 10));
    }
    writeFileSync(join(dir, 'checkpoint-7'), note(7, 'another'));
    writeFileSync(join(dir, 'checkpoint'), note(3));
    await folder.keep(note(310));
    const names = readdirSync(dir);
    expect(names).toContain('checkpoint-7');
    expect(names).toContain('checkpoint');
    expect(names).toContain('checkpoint-310');
    expect(names.length).toBeLessThan(14);
  });

  test('one reader finds the newest while others write and remove', async () => {
    const [writer, reader] = [new CheckpointFolder(dir), new CheckpointFolder(dir)];
    await writer.keep(note(1));
    const written = [1];
    const writing = (async () => {
      for (let size = 2; size <= 40; size++) {
        await writer.read();
        await writer.keep(note(size));
        written.push(size);
      }
    })();
    while (written.length < 40) {
      const least = written.at(-1)!;
      const sizes = (await reader.read()).map((text) => Number(text.split('\n')[1]));
      expect(Math.max(...sizes)).toBeGreaterThanOrEqual(least);
    }
    await writing;
  });
});
