import { tilePath } from '@recourse/ledger';
import { fromUtf8, toBase64url } from '@recourse/protocol';
import { failAs, isRecourseError, RecourseError } from '../errors.ts';
import type { PublicDocuments } from '../registry/public-documents.ts';

/** A checkpoint with a line of each of 32 witnesses, a proof of 63 hashes before it. */
const longestNote = 65_536;
const tileWidth = 256;
const hashBytes = 32;

/** The files of a ledger (C2SP tlog-tiles), from whoever serves them: nothing of it is to be believed. */
export class LogFiles {
  readonly #documents: PublicDocuments;

  constructor(documents: PublicDocuments) {
    this.#documents = documents;
  }

  /** The signed note. @throws RecourseError `ledger-invalid` when there is none, `unavailable` */
  async checkpoint(): Promise<string> {
    const bytes = await this.#read('checkpoint', longestNote);
    if (!bytes) throw new RecourseError('ledger-invalid', { status: 404 });
    return textOf(bytes);
  }

  /** A `.tlog-proof` of the entry with this leaf hash, undefined until it is logged. */
  async proof(leaf: Uint8Array): Promise<string | undefined> {
    const bytes = await this.#read(`proof/${toBase64url(leaf)}`, longestNote);
    return bytes && textOf(bytes);
  }

  /** The first `width` hashes of a tile. A copy may have dropped a partial tile for the full one. */
  readonly tile = async (level: number, index: number, width: number): Promise<Uint8Array> => {
    const exact = await this.#read(tilePath({ level, index, width }), tileWidth * hashBytes);
    if (exact?.length === width * hashBytes) return exact;
    if (exact === undefined && width < tileWidth) {
      return (await this.tile(level, index, tileWidth)).subarray(0, width * hashBytes);
    }
    throw new RecourseError('ledger-invalid');
  };

  async #read(path: string, mostBytes: number): Promise<Uint8Array | undefined> {
    try {
      return await this.#documents.file({ path: `/ledger/${path}`, mostBytes });
    } catch (cause) {
      throw isRecourseError(cause, 'answer-invalid')
        ? new RecourseError('ledger-invalid', { status: cause.status, cause })
        : cause;
    }
  }
}

function textOf(bytes: Uint8Array): Promise<string> {
  return failAs('ledger-invalid', () => fromUtf8(bytes));
}
