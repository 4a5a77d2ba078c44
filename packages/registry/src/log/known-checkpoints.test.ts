import { encodeCheckpoint, leafHash } from '@recourse/ledger';
import { toBase64url, utf8 } from '@recourse/protocol';
import { expect, test } from 'vitest';
import { KnownCheckpoints } from './known-checkpoints.ts';

const rootOf = (size: number): Uint8Array => leafHash(utf8(String(size)));
const shown = (size: number) => ({ size, root: toBase64url(rootOf(size)) });
const noteOf = (size: number): string => {
  const text = encodeCheckpoint({ origin: 'log', size, root: rootOf(size), extensions: [] });
  return `${text}\n\u2014 log AAAAAAAA\n`;
};

/** Counts what is read of a log that was signed up to a size. */
function counted(signed: number) {
  const read: number[] = [];
  const known = new KnownCheckpoints(async (size) => {
    read.push(size);
    return size <= signed ? noteOf(size) : undefined;
  });
  return { known, read };
}

test('a checkpoint that was signed is read once, however many show it', async () => {
  const { known, read } = counted(9);
  for (let i = 0; i < 50; i++) expect(await known.has(shown(7))).toBe(true);
  expect(await known.has({ size: 7, root: shown(8).root })).toBe(false);
  expect(read).toEqual([7]);
});

test('one that is not found is looked for again: it may be signed by now', async () => {
  const { known, read } = counted(9);
  for (let i = 0; i < 3; i++) expect(await known.has(shown(10))).toBe(false);
  expect(read).toEqual([10, 10, 10]);
});

test('what is remembered is bounded', async () => {
  const { known, read } = counted(10_000);
  for (let size = 1; size <= KnownCheckpoints.most + 1; size++) await known.has(shown(size));
  const before = read.length;
  await known.has(shown(1));
  expect(read.length).toBe(before + 1);
});
