import { dirname } from 'node:path';
import type { EvidenceSource } from '@recourse/sdk';
import { readEvidence } from '../import/evidence.ts';
import { groupRows } from '../import/group-rows.ts';
import { readRows } from '../import/read-rows.ts';
import { readBytes } from '../profile/private-file.ts';

/** Bytes that may be those committed to; which is which, the commitments say. */
export const bytesOfFiles = (paths: readonly string[]): Uint8Array[] => paths.map(readBytes);

/** The evidence of one record of an import file, as its rows name it. */
export async function bytesOfRows(path: string, externalId: string): Promise<Uint8Array[]> {
  for await (const group of groupRows(readRows(path))) {
    if (group[0].values.external_id !== externalId) continue;
    const evidence = readEvidence(group, { dir: dirname(path), issues: [] });
    return Promise.all(evidence.map(({ source }) => gathered(source)));
  }
  return [];
}

async function gathered(source: EvidenceSource): Promise<Uint8Array> {
  if (source instanceof Uint8Array) return source;
  if (source instanceof Blob) return new Uint8Array(await source.arrayBuffer());
  const chunks: Uint8Array[] = [];
  for await (const chunk of source) chunks.push(chunk);
  return Buffer.concat(chunks);
}
