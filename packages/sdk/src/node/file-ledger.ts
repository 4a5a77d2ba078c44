import { link, mkdir, open, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { LedgerStore } from '../ledger/ledger-store.ts';
import { hasCode, unlessMissing } from './files.ts';

const digits = 16;
const fileName = /^(\d{16})\.checkpoint$/;

/**
 * Checkpoints of one ledger as a directory, which several processes may share. Each size has its own file, which is
 * written whole and once. The largest is the newest; smaller ones are removed.
 */
export function fileLedgerStore(directory: string): LedgerStore {
  const sizes = async (): Promise<string[]> =>
    (await names(directory)).filter((name) => fileName.test(name)).sort();
  return {
    newest: async () => {
      for (;;) {
        const newest = (await sizes()).at(-1);
        if (newest === undefined) return undefined;
        const note = await readNote(join(directory, newest));
        // Removed meanwhile: then there is a larger one.
        if (note !== undefined) return note;
      }
    },
    put: async ({ size, note }) => {
      await mkdir(directory, { recursive: true, mode: 0o700 });
      const name = `${String(size).padStart(digits, '0')}.checkpoint`;
      if (((await sizes()).at(-1) ?? '') >= name) return;
      await writeOnce(join(directory, name), note);
      const newest = (await sizes()).at(-1) ?? '';
      const older = (await sizes()).filter((other) => other < newest);
      await Promise.all(older.map((other) => rm(join(directory, other), { force: true })));
    },
  };
}

/** Linked into place when it is on the disk; where there is a file of this name, that one stays. */
async function writeOnce(path: string, text: string): Promise<void> {
  const temporary = `${path}.${process.pid}.${crypto.randomUUID()}.tmp`;
  const file = await open(temporary, 'wx', 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
    await link(temporary, path);
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error;
  } finally {
    await file.close();
    await rm(temporary, { force: true });
  }
}

const readNote = (path: string): Promise<string | undefined> =>
  unlessMissing(() => readFile(path, 'utf8'));

const names = async (directory: string): Promise<string[]> =>
  (await unlessMissing(() => readdir(directory))) ?? [];
