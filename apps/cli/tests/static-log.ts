import {
  addSignatures,
  cosign,
  emptyEdge,
  encodeCheckpoint,
  encodeEntryBundle,
  encodeTlogProof,
  encodeVerifierKey,
  growTree,
  inclusionProof,
  leafHash,
  merkleRoot,
  signNote,
  tilePath,
  type NoteSigner,
  type SignatureType,
} from '@recourse/ledger';
import {
  entryLeafHash,
  fromBase64url,
  generateKey,
  jcs,
  signerFromJwk,
  thumbprint,
  toBase64url,
  utf8,
  type Entry,
  type PublicJwk,
} from '@recourse/protocol';
import { randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export async function newSigner(name: string, type: SignatureType): Promise<NoteSigner> {
  const signer = await signerFromJwk(await generateKey());
  if (signer.publicJwk.kty !== 'OKP') throw new Error('not Ed25519');
  const publicKey = fromBase64url(signer.publicJwk.x);
  return { key: { name, type, publicKey }, sign: (message) => signer.sign(message) };
}

/** An entry that is unlike every other */
export const calls = (): Entry => ({
  v: 1,
  type: 'calls',
  at: '2026-03-01T00:00:00Z',
  count: 1,
  root: toBase64url(randomBytes(32)),
});

/** A registry that only serves its ledger, and whose key is in the hands of a test. */
export class StaticLog {
  readonly url: string;
  readonly signer: NoteSigner;
  readonly #server: Server;
  entries: readonly Entry[] = [];
  /** What the checkpoint is of, where that is not what is served */
  signed: readonly Entry[] | undefined;
  /** Published as its witness policies */
  policies: readonly Entry[] = [];
  cosigners: readonly NoteSigner[] = [];
  /** Answers 503 to everything */
  down = false;

  private constructor(server: Server, url: string, signer: NoteSigner) {
    this.#server = server;
    this.url = url;
    this.signer = signer;
  }

  static async start(): Promise<StaticLog> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const signer = await newSigner(`127.0.0.1:${port}/ledger`, 'ed25519');
    const log = new StaticLog(server, `http://127.0.0.1:${port}`, signer);
    server.on('request', (request, response) => {
      void log
        .#answer(request.url ?? '')
        .then((body) =>
          response.writeHead(log.down ? 503 : body === undefined ? 404 : 200).end(body),
        );
    });
    return log;
  }

  get key(): string {
    return encodeVerifierKey(this.signer.key);
  }

  get logKid(): string {
    return thumbprint(this.#jwk);
  }

  async checkpoint(): Promise<string> {
    const { signer, cosigners, signed: entries = this.entries } = this;
    const root = merkleRoot(entries.map(entryLeafHash));
    const { name: origin } = signer.key;
    const text = encodeCheckpoint({ origin, size: entries.length, root, extensions: [] });
    const note = await signNote(text, [signer]);
    const lines = await Promise.all(cosigners.map((by) => cosign(text, { signer: by, time: 1 })));
    return lines.length === 0 ? note : addSignatures(note, lines);
  }

  stop(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  get #jwk(): PublicJwk {
    return { kty: 'OKP', crv: 'Ed25519', x: toBase64url(this.signer.key.publicKey) };
  }

  async #answer(path: string): Promise<string | Uint8Array | undefined> {
    const { entries, policies } = this;
    if (path === '/.well-known/recourse') {
      return JSON.stringify({ logKey: this.#jwk, ledger: { policies } });
    }
    if (path === '/ledger/checkpoint') return this.checkpoint();
    const lines = entries.map((entry) => utf8(jcs(entry)));
    const file = logFiles(lines).get(path.replace('/ledger/', ''));
    if (file !== undefined) return file;
    const leaves = entries.map(entryLeafHash);
    const index = leaves.findIndex((leaf) => path === `/ledger/proof/${toBase64url(leaf)}`);
    if (index < 0) return undefined;
    const proof = inclusionProof(leaves, index);
    return encodeTlogProof({ index, proof, checkpoint: await this.checkpoint() });
  }
}

/** Tiles and bundles of a log, by their paths. @param lines its entries as they were logged */
export function logFiles(lines: readonly Uint8Array[]): Map<string, Uint8Array> {
  const { tiles } = growTree(emptyEdge, lines.map(leafHash));
  return new Map(
    tiles.flatMap(({ bytes, ...tile }): [string, Uint8Array][] => {
      const { level, index, width } = tile;
      const bundle = encodeEntryBundle(lines.slice(index * 256, index * 256 + width));
      const file: [string, Uint8Array] = [tilePath(tile), bytes];
      return level === 0 ? [file, [tilePath({ ...tile, level: 'entries' }), bundle]] : [file];
    }),
  );
}
