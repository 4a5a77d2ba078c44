import { isId, type EvidenceClass } from '@recourse/protocol';
import { join, resolve } from 'node:path';
import { CliError } from '../errors.ts';
import { createPrivateFile } from '../profile/private-file.ts';
import type { KeptOpenings } from './openings.ts';
import { commitmentOf, packFile, type EvidencePack, type PackItem } from './pack.ts';

/**
 * Makes a pack: every opening of a submission with the bytes that it commits to, found among the candidates.
 * @throws CliError `evidence-unfit` when the bytes of an item are not there, as they were or at all; nothing is written
 */
export function writePack(
  dir: string,
  of: { kept: KeptOpenings; candidates: readonly Uint8Array[] },
): EvidencePack {
  const { kept, candidates } = of;
  if (!isId('snc', kept.sanction) || kept.evidence.length === 0) throw nothingKept(kept.sanction);
  const found = kept.evidence.map(({ class: name, commitment, salt }, item) => {
    const bytes = candidates.find((one) => commitmentOf(salt, one) === commitment);
    if (!bytes) throw notThere(item, name, candidates.length);
    const file = `item-${item}.bin`;
    return { bytes, entry: { item, class: name, commitment, salt, file } satisfies PackItem };
  });
  const target = resolve(dir);
  const pack: EvidencePack = {
    version: 1,
    sanction: kept.sanction,
    items: found.map(({ entry }) => entry),
  };
  // The list comes last: a folder without one was not finished.
  for (const { bytes, entry } of found) createPrivateFile(join(target, entry.file), bytes);
  createPrivateFile(join(target, packFile), `${JSON.stringify(pack, null, 2)}\n`);
  return pack;
}

const nothingKept = (sanction: string): CliError =>
  new CliError('input-invalid', {
    message: `Nothing was kept of ${sanction}.`,
    next: 'Name the journal of the import it came from, or the file its submission left.',
  });

const notThere = (item: number, name: EvidenceClass, count: number): CliError =>
  new CliError('evidence-unfit', {
    message: `Item ${item} (${name}): none of ${count} files or texts is what was committed to.`,
    next: 'Restore the bytes exactly as they were when the sanction was submitted; a changed byte is another commitment.',
  });
