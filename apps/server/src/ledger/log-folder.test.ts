import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newTiles, tilePath } from '@recourse/ledger';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { LogFolder } from './log-folder.ts';

let dir: string;
let read: number;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'recourse-folder-'));
  read = 0;
});
afterEach(() => rmSync(dir, { recursive: true }));

/** A log whose every tile is there. */
const ledger = {
  tile: ({ width }: { width: number }) => Promise.resolve(new Uint8Array(32 * width).fill(++read)),
  bundle: ({ width }: { width: number }) => Promise.resolve(new Uint8Array(width)),
};
const open = (): LogFolder => new LogFolder(dir, ledger);
const note = (size: number): string => `registry.test/ledger\n${size}\nroot\n\n`;
const checkpoint = (): boolean => existsSync(join(dir, 'ledger/checkpoint'));
const whole = (size: number): boolean =>
  [...newTiles(0, size)].every((tile) => existsSync(join(dir, 'ledger', tilePath(tile))));

test('a long log fills a new folder step by step, so that no signature waits for all of it', async () => {
  const [folder, size] = [open(), 100 * 256 + 7];
  await folder.reach(note(size));
  expect([read, checkpoint()]).toEqual([32, false]);
  // The log grows meanwhile.
  for (let step = 1; !checkpoint() && step < 10; step++) await folder.reach(note(size + step));
  expect(checkpoint()).toBe(true);
  expect(whole(size + 3)).toBe(true);
});

test('a killed server goes on where it was: what is there is not read again', async () => {
  const size = 100 * 256;
  await open().reach(note(size));
  for (let step = 0; !checkpoint() && step < 10; step++) await open().reach(note(size));
  const again = open();
  for (let step = 0; !checkpoint() && step < 10; step++) await again.reach(note(size));
  expect(checkpoint()).toBe(true);
  expect(read).toBe([...newTiles(0, size)].length);
  expect(readdirSync(join(dir, 'ledger')).toSorted()).toEqual(['checkpoint', 'tile']);
});

test('once it is whole, no checkpoint goes before its files, however many they are', async () => {
  const folder = open();
  await folder.reach(note(5));
  await folder.reach(note(100 * 256));
  expect([checkpoint(), whole(100 * 256)]).toEqual([true, true]);
});
