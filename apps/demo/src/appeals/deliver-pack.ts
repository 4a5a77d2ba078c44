import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { bytesOfRows, packFile, readPack, writePack } from '@recourse/cli';
import type { Id } from '@recourse/protocol';
import type { Delivered, Recourse } from '@recourse/sdk';
import type { SampleCase } from './sample-case.ts';

/** Harbour packs the evidence of a record as `recourse evidence pack` does: by the rows that were imported. */
export async function packOf(dir: string, { kept, importFile }: SampleCase): Promise<string> {
  const pack = join(dir, 'packs', kept.sanction);
  if (existsSync(join(pack, packFile))) return pack;
  const candidates = await bytesOfRows(importFile, kept.externalId ?? '');
  writePack(pack, { kept, candidates });
  return pack;
}

export function deliverPack(
  harbour: Recourse,
  delivery: { appeal: Id<'apl'>; pack: string },
): Promise<Delivered> {
  const evidence = readPack(delivery.pack).map(({ bytes: source, ...opening }) => ({
    source,
    opening,
  }));
  return harbour.evidence.deliver({ appeal: delivery.appeal, evidence });
}
