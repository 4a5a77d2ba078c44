import {
  type Checkpoint,
  inclusionProofFromTiles,
  tilePath,
  unwitnessed,
  type VerifierKey,
  verifyCheckpoint,
  verifyInclusion,
  verifyTlogProof,
  type WitnessPolicy,
} from '@recourse/ledger';

const tileWidth = 256;

/** A log as anybody reads it over HTTP. */
export class ServedLog {
  readonly #url: string;
  readonly #policy: WitnessPolicy;

  constructor(url: string, key: VerifierKey) {
    this.#url = url;
    this.#policy = unwitnessed(key);
  }

  async checkpoint(): Promise<Checkpoint> {
    const note = await this.#file('checkpoint');
    return (await verifyCheckpoint(note, this.#policy)).checkpoint;
  }

  /** The leaf hash at a place */
  async leaf(index: number, size: number): Promise<Uint8Array> {
    const tile = Math.floor(index / tileWidth);
    const width = Math.min(tileWidth, size - tile * tileWidth);
    const bytes = await this.#file(tilePath({ level: 0, index: tile, width }));
    return bytes.subarray((index % tileWidth) * 32, (index % tileWidth) * 32 + 32);
  }

  /** Gets the proof that the log makes, and checks it. @returns milliseconds of both */
  async provenByLog(leaf: Uint8Array): Promise<number> {
    const begun = performance.now();
    const proof = await this.#file(`proof/${Buffer.from(leaf).toString('base64url')}`);
    await verifyTlogProof(proof, { leaf, policy: this.#policy });
    return performance.now() - begun;
  }

  /** Makes the proof from tiles, and checks it. @returns how many tiles it took */
  async provenByTiles(
    entry: { index: number; leaf: Uint8Array },
    { size, root }: Checkpoint,
  ): Promise<number> {
    let tiles = 0;
    const proof = await inclusionProofFromTiles(
      { index: entry.index, size },
      (level, index, width) => {
        tiles++;
        return this.#file(tilePath({ level, index, width }));
      },
    );
    verifyInclusion({ ...entry, size, root, proof });
    return tiles;
  }

  async #file(path: string): Promise<Uint8Array> {
    const response = await fetch(`${this.#url}/ledger/${path}`);
    if (!response.ok) throw new Error(`${path} is answered ${response.status}`);
    return new Uint8Array(await response.arrayBuffer());
  }
}
