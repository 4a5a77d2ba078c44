import {
  addSignatures,
  consistencyProofFromTiles,
  encodeEntryBundle,
  encodeTlogProof,
  inclusionProofFromTiles,
  parseSignatures,
} from '@recourse/ledger';
import { utf8 } from '@recourse/protocol';
import type { Db } from '../kernel/database.ts';
import { firstServed, newestServed, type CosignedCheckpoint } from './served-store.ts';
import { findLeaf, readEntries, tilesOf } from './store.ts';
import { policiesBefore } from './witness-store.ts';

/** Reads what anybody may read of the ledger: C2SP tlog-tiles. Tiles and bundles of one width never change. */
export class LedgerReader {
  readonly #db: Db;

  constructor(db: Db) {
    this.#db = db;
  }

  /** The newest checkpoint that its witnesses let pass, with their cosignatures; none before the first */
  async checkpoint(): Promise<string | undefined> {
    const newest = await newestServed(this.#db);
    return newest && cosigned(newest);
  }

  /** `width` hashes of 32 bytes; undefined where the log has not so many */
  async tile({
    level,
    index,
    width,
  }: {
    level: number;
    index: number;
    width: number;
  }): Promise<Uint8Array | undefined> {
    const hashes = await tilesOf(this.#db)(level, index, width);
    return hashes.length === 32 * width ? hashes : undefined;
  }

  /** `width` entries, each after its length; undefined where the log has not so many */
  async bundle(place: { index: number; width: number }): Promise<Uint8Array | undefined> {
    const entries = await readEntries(this.#db, place);
    return entries.length === place.width ? encodeEntryBundle(entries.map(utf8)) : undefined;
  }

  /** Consistency proof between two sizes that are durable. @throws LedgerError */
  consistency(sizes: { oldSize: number; size: number }): Promise<Uint8Array[]> {
    return consistencyProofFromTiles(sizes, tilesOf(this.#db));
  }

  /**
   * A tlog-proof of the entry with this leaf hash; undefined until it is under a checkpoint that is served. It is under
   * the newest, but that of a witness policy under the first that the policy before accepts, whose witnesses may
   * have cosigned none since: whoever pinned that one follows from there.
   */
  async proof(leaf: Uint8Array): Promise<string | undefined> {
    const [index, newest] = await Promise.all([findLeaf(this.#db, leaf), newestServed(this.#db)]);
    if (index === undefined || newest === undefined || index >= newest.size) return undefined;
    const under = (await this.#handover({ leaf, index })) ?? newest;
    const proof = await inclusionProofFromTiles({ index, size: under.size }, tilesOf(this.#db));
    return encodeTlogProof({ index, proof, checkpoint: cosigned(under) });
  }

  /** Where the one before was never shown to anybody, those who follow come from one before it. */
  async #handover({
    leaf,
    index,
  }: {
    leaf: Uint8Array;
    index: number;
  }): Promise<CosignedCheckpoint | undefined> {
    for (const { detail } of await policiesBefore(this.#db, leaf)) {
      const keys = detail.witnesses.map(({ key }) => key);
      const { threshold } = detail;
      const found = await firstServed(this.#db, { index, keys, threshold });
      if (found) return found;
    }
    return undefined;
  }
}

const cosigned = ({ note, lines }: CosignedCheckpoint): string =>
  lines.length === 0 ? note : addSignatures(note, parseSignatures(lines.join('')));
