import { get } from 'node:http';
import {
  encodeTile,
  leafHash,
  merkleRoot,
  newTiles,
  parseEntryBundle,
  parseTile,
  parseVerifierKey,
  tilePath,
  verifyCheckpoint,
  type Checkpoint,
  type WitnessPolicy,
} from '@recourse/ledger';
import { fromBase64url } from '@recourse/protocol';
import { expect } from 'vitest';
import type { HttpAnswer, TestServer } from './test-server.ts';
import { payloadOf } from './sample-case.ts';

/** Whom a reader believes who took the log key from the document of the registry. */
export async function policyOf(server: TestServer): Promise<WitnessPolicy> {
  const { body } = await server.get('/.well-known/recourse');
  return { log: parseVerifierKey(body.ledger.key), witnesses: [], threshold: 0 };
}

export async function checkpointOf(server: TestServer): Promise<Checkpoint> {
  const { text } = await server.get('/ledger/checkpoint');
  return (await verifyCheckpoint(text, await policyOf(server))).checkpoint;
}

/** Hash of the ledger entry that a receipt promises. */
export function leafOf({ headers }: HttpAnswer): string {
  const jws = String(headers['recourse-receipt']).split('.').slice(2).join('.');
  return String(payloadOf(jws)['entry']);
}

/** Body of a file of the log as it came, undecoded. */
export const bytesAt = (
  server: TestServer,
  path: string,
  headers: Record<string, string> = {},
): Promise<{ status: number; headers: Record<string, unknown>; bytes: Buffer }> =>
  new Promise((resolve, reject) => {
    get(`${server.url}/ledger/${path}`, { headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          bytes: Buffer.concat(chunks),
        }),
      );
      response.on('error', reject);
    }).on('error', reject);
  });

/** Fetches every tile and bundle of a tree, makes each anew from the entries, and @returns the root. */
export async function rootOverHttp(server: TestServer, size: number): Promise<Uint8Array> {
  const levels: Uint8Array[][] = [[]];
  const leaves = levels[0]!;
  for (let index = 0; index * 256 < size; index++) {
    const width = Math.min(256, size - index * 256);
    const { bytes } = await bytesAt(server, tilePath({ level: 'entries', index, width }));
    leaves.push(...parseEntryBundle(bytes, width).map(leafHash));
  }
  for (const { level, index, width } of newTiles(0, size)) {
    const { bytes } = await bytesAt(server, tilePath({ level, index, width }));
    const expected = levels[level]!.slice(index * 256, index * 256 + width);
    parseTile(bytes, width);
    expect(bytes.equals(encodeTile(expected))).toBe(true);
    if (width === 256) (levels[level + 1] ??= []).push(merkleRoot(expected));
  }
  return merkleRoot(leaves);
}

export const bytesOfLeaf = (leaf: string): Uint8Array => fromBase64url(leaf);
