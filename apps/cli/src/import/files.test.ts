import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { fileExists } from '../profile/private-file.ts';
import { lockFile } from './files.ts';

const dir = mkdtempSync(join(tmpdir(), 'recourse-lock-'));
const path = join(dir, 'a.lock');
afterAll(() => rmSync(dir, { recursive: true }));

it('keeps a second import off while the first runs', () => {
  writeFileSync(path, String(process.ppid));
  expect(() => lockFile(path)).toThrow(expect.objectContaining({ code: 'journal-in-use' }));
});

it('is taken over from a process that was killed, and released', () => {
  writeFileSync(path, '999999999');
  const release = lockFile(path);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  release();
  expect(fileExists(path)).toBe(false);
});
