import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  addSignatures,
  cosign,
  emptyEdge,
  encodeCheckpoint,
  encodeTlogProof,
  growTree,
  inclusionProof,
  leafHash,
  merkleRoot,
  parseTilePath,
  signNote,
  type NoteSigner,
} from '@recourse/ledger';
import {
  entryLeafHash,
  fromBase64url,
  toBase64url,
  toNumericDate,
  utf8,
  type Entry,
  type Signer,
} from '@recourse/protocol';

export const logName = 'registry.example/ledger';

/** A key under which notes are signed. */
export function noteSigner(
  signer: Signer,
  named: { name: string; type: 'ed25519' | 'cosignature' },
): NoteSigner {
  const { publicJwk } = signer;
  if (publicJwk.kty !== 'OKP') throw new TypeError('not Ed25519');
  const key = { ...named, publicKey: fromBase64url(publicJwk.x) };
  return { key, sign: (message) => signer.sign(message) };
}

/** A leaf that stands for any entry. */
export const leaf = (name: string): Uint8Array => leafHash(utf8(name));

type Body = string | Uint8Array | undefined;

/** A log over a real socket: the tree of its leaves, signed as far as it is told to. */
export class FakeLog {
  readonly requests: string[] = [];
  /** Answers in place of the log's own, by path below `/ledger/` */
  readonly false = new Map<string, Body>();
  /** Files that have no end */
  readonly endless = new Set<string>();
  readonly signer: NoteSigner;
  /** What a file is from the second time on that it is asked for */
  spoiled: { readonly path: string; readonly body: Uint8Array } | undefined;
  /** What a registry announced, before all that is added later */
  readonly entries: Entry[] = [];
  leaves: Uint8Array[] = [];
  cosigners: readonly NoteSigner[] = [];
  /** How much of the tree is under the checkpoint; all of it if absent */
  size: number | undefined;
  /** When witnesses cosign */
  clock = (): Date => new Date();
  #server: Server | undefined;

  constructor(signer: NoteSigner) {
    this.signer = signer;
  }

  async start(): Promise<string> {
    const server = createServer((request, response) => {
      const path = (request.url ?? '').slice('/ledger/'.length);
      if (this.endless.has(path)) {
        pour(response);
        return;
      }
      this.answer(path).then(
        (body) => (body === undefined ? response.writeHead(404).end() : response.end(body)),
        () => response.destroy(),
      );
    });
    this.#server = server;
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#server?.closeAllConnections();
    await new Promise((resolve) => this.#server?.close(resolve));
  }

  add(...leaves: readonly Uint8Array[]): void {
    this.leaves = [...this.leaves, ...leaves];
  }

  grow(count: number, name = 'entry'): void {
    const from = this.leaves.length;
    this.add(...Array.from({ length: count }, (_, i) => leaf(`${name} ${from + i}`)));
  }

  /** An entry of the registry itself. */
  announce(entry: Entry): Entry {
    this.entries.push(entry);
    return entry;
  }

  log(entry: Entry): void {
    this.add(entryLeafHash(entry));
  }

  async checkpoint(size = this.size ?? this.#tree.length): Promise<string> {
    const root = merkleRoot(this.#tree.slice(0, size));
    const text = encodeCheckpoint({ origin: this.signer.key.name, size, root, extensions: [] });
    const note = await signNote(text, [this.signer]);
    const time = toNumericDate(this.clock());
    const lines = await Promise.all(this.cosigners.map((signer) => cosign(text, { signer, time })));
    return lines.length === 0 ? note : addSignatures(note, lines);
  }

  count(pattern: RegExp): number {
    return this.requests.filter((path) => pattern.test(path)).length;
  }

  get #tree(): Uint8Array[] {
    return [...this.entries.map(entryLeafHash), ...this.leaves];
  }

  /** What is served at this path below `/ledger/` */
  async answer(path: string): Promise<Body> {
    this.requests.push(path);
    if (this.false.has(path)) return this.false.get(path);
    if (this.spoiled !== undefined && this.count(new RegExp(`^${this.spoiled.path}$`)) > 1) {
      return this.spoiled.body;
    }
    if (path === 'checkpoint') return this.checkpoint();
    if (path.startsWith('proof/')) return this.proof(fromBase64url(path.slice('proof/'.length)));
    return this.#tile(path);
  }

  async proof(leaf: Uint8Array): Promise<string | undefined> {
    const size = this.size ?? this.#tree.length;
    const index = this.#tree.findIndex((known) => toBase64url(known) === toBase64url(leaf));
    if (index < 0 || index >= size) return undefined;
    const proof = inclusionProof(this.#tree.slice(0, size), index);
    return encodeTlogProof({ index, proof, checkpoint: await this.checkpoint() });
  }

  #tile(path: string): Uint8Array | undefined {
    const { level, index, width } = parseTilePath(path);
    const { tiles } = growTree(emptyEdge, this.#tree);
    const tile = tiles.findLast((known) => known.level === level && known.index === index);
    return tile && tile.width >= width ? tile.bytes.subarray(0, width * 32) : undefined;
  }
}

/** A body without an end, as fast as it is taken. */
function pour(response: ServerResponse): void {
  const chunk = new Uint8Array(16_384).fill(65);
  const more = (): void => {
    while (!response.destroyed && response.write(chunk));
  };
  response.on('drain', more);
  more();
}
