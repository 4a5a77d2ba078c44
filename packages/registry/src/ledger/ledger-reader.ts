import { encodeEntryBundle, encodeTlogProof, inclusionProofFromTiles } from '@recourse/ledger';
import { utf8 } from '@recourse/protocol';
import type { Db } from '../database.ts';
import { findLeaf, newestCheckpoint, readEntries, tilesOf } from './store.ts';

/** What anybody may read of the ledger: C2SP tlog-tiles. Tiles and bundles of one width never change. */
export class LedgerReader {
  readonly #db: Db;

  constructor(db: Db) {
    this.#db = db;
  }

  /** The newest checkpoint, none before the first */
  async checkpoint(): Promise<string | undefined> {
    return (await newestCheckpoint(this.#db))?.note;
  }

  /** `width` hashes of 32 bytes; undefined where the log has not so many */
  async tile(of: { level: number; index: number; width: number }): Promise<Uint8Array | undefined> {
    const hashes = await tilesOf(this.#db)(of.level, of.index, of.width);
    return hashes.length === 32 * of.width ? hashes : undefined;
  }

  /** `width` entries, each after its length; undefined where the log has not so many */
  async bundle(of: { index: number; width: number }): Promise<Uint8Array | undefined> {
    const entries = await readEntries(this.#db, of);
    return entries.length === of.width ? encodeEntryBundle(entries.map(utf8)) : undefined;
  }

  /** A tlog-proof of the entry with this leaf hash, under the newest checkpoint; undefined until it is under one */
  async proof(leaf: Uint8Array): Promise<string | undefined> {
    const [index, newest] = await Promise.all([
      findLeaf(this.#db, leaf),
      newestCheckpoint(this.#db),
    ]);
    if (index === undefined || newest === undefined || index >= newest.size) return undefined;
    const proof = await inclusionProofFromTiles({ index, size: newest.size }, tilesOf(this.#db));
    return encodeTlogProof({ index, proof, checkpoint: newest.note });
  }
}
