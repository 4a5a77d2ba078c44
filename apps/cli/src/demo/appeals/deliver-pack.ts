import { join } from 'node:path';
import type { Id } from '@recourse/protocol';
import type { Delivered, Recourse } from '@recourse/sdk';
import { fileExists } from '../../profile/private-file.ts';
import { bytesOfRows } from '../../evidence/candidates.ts';
import { packFile } from '../../evidence/pack.ts';
import { readPack } from '../../evidence/read-pack.ts';
import { writePack } from '../../evidence/write-pack.ts';
import type { SampleCase } from './sample-case.ts';

/** Harbour packs the evidence of a record as `recourse evidence pack` does: by the rows that were imported. */
export async function packOf(dir: string, { kept, importFile }: SampleCase): Promise<string> {
  const pack = join(dir, 'packs', kept.sanction);
  if (fileExists(join(pack, packFile))) return pack;
  const candidates = await bytesOfRows(importFile, kept.externalId ?? '');
  writePack(pack, { kept, candidates });
  return pack;
}

export function deliverPack(
  harbour: Recourse,
  of: { appeal: Id<'apl'>; pack: string },
): Promise<Delivered> {
  const evidence = readPack(of.pack).items.map(({ bytes: source, ...opening }) => ({
    source,
    opening,
  }));
  return harbour.evidence.deliver({ appeal: of.appeal, evidence });
}
