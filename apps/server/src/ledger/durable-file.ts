import { randomBytes } from 'node:crypto';
import { link, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** Bytes or text of a file that others may read where `isPublic` */
export interface DurableFile {
  readonly path: string;
  readonly content: string | Uint8Array;
  readonly isPublic?: boolean;
}

/** Resolves when the file is on the disk, whole: a crash leaves this one or the one before. */
export const replaceFile = (file: DurableFile): Promise<void> =>
  placing(file, (draft) => rename(draft, file.path));

/** The same, unless the file is there already, whoever wrote it: of two writers at once, one writes. */
export const writeFileOnce = (file: DurableFile): Promise<void> =>
  placing(file, async (draft) => {
    await link(draft, file.path).catch((error: unknown) => {
      if (!hasCode(error, 'EEXIST')) throw error;
    });
  });

/** @returns undefined where there is none */
export async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

/** Writes a draft under a name of its own, and gives it its place once it is whole on the disk. */
async function placing(
  { path, content, isPublic = false }: DurableFile,
  place: (draft: string) => Promise<void>,
): Promise<void> {
  const folder = dirname(path);
  const draft = join(folder, `.${randomBytes(8).toString('hex')}.next`);
  try {
    const file = await open(draft, 'wx', isPublic ? 0o644 : 0o600);
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await place(draft);
  } finally {
    await rm(draft, { force: true });
  }
  await syncFolder(folder);
}

async function syncFolder(folder: string): Promise<void> {
  const file = await open(folder, 'r');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

const hasCode = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code;
