import { open, rename } from 'node:fs/promises';

/** Replaces a file whole, readable by its owner only: after a crash either the old or the new content is there. */
export async function writePrivate(path: string, data: string | Uint8Array): Promise<void> {
  const temporary = `${path}.${process.pid}.tmp`;
  const file = await open(temporary, 'w', 0o600);
  try {
    await file.writeFile(data);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(temporary, path);
}
