import { join, resolve } from 'node:path';
import { CliError } from '../errors.ts';
import { readBytes, readPrivateFile } from '../profile/private-file.ts';
import { commitmentOf, packFile, parsePack, type EvidencePack, type PackItem } from './pack.ts';

/** What an item of a pack holds, and what its bytes commit to. */
export interface PackedItem extends PackItem {
  readonly bytes: Uint8Array;
  readonly fits: boolean;
}

/** @throws CliError `file-unreadable`, `file-exposed`, `input-invalid` */
export function readPack(dir: string): { pack: EvidencePack; items: PackedItem[] } {
  const path = join(resolve(dir), packFile);
  const pack = packIn(readPrivateFile(path), path);
  const items = pack.items.map((item): PackedItem => {
    const bytes = readBytes(join(resolve(dir), item.file));
    return { ...item, bytes, fits: commitmentOf(item.salt, bytes) === item.commitment };
  });
  return { pack, items };
}

function packIn(text: string, path: string): EvidencePack {
  try {
    return parsePack(JSON.parse(text));
  } catch {
    // No cause: a parser's message quotes the file, which holds salts.
    throw new CliError('input-invalid', {
      message: `${path} is no pack of evidence.`,
      next: 'Make it with recourse evidence pack, and name its folder.',
    });
  }
}
