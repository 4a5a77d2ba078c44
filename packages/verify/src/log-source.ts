import { tilePath, type TilePath } from '@recourse/ledger';
import { concatBytes } from '@recourse/protocol';
import { VerifyError } from './errors.ts';

const timeoutMs = 15_000;
const tries = 3;
const fullWidth = 256;
/** 256 entries of 65,535 bytes, each after two bytes of length */
const largest = fullWidth * 65_537;

/** Reads a file of a ledger by its path below `/ledger/`; undefined where there is none. */
export type ReadLogFile = (path: string) => Promise<Uint8Array | undefined>;

/** The files of a ledger (C2SP tlog-tiles). All of them are attacker-controlled. */
export class LogSource {
  readonly #from: string | ReadLogFile;
  readonly #signal: AbortSignal | undefined;

  /** @param from the URL of the registry, or of a copy that has its files under `/ledger/`; or what reads a copy */
  constructor(from: string | ReadLogFile, signal?: AbortSignal) {
    this.#from = typeof from === 'string' ? from.replace(/\/$/, '') : from;
    this.#signal = signal;
  }

  /** The signed note; undefined before the first */
  checkpoint(): Promise<Uint8Array | undefined> {
    return this.#get('checkpoint');
  }

  /** A `.tlog-proof` of the entry with this leaf hash (base64url) under the newest checkpoint */
  proof(leaf: string): Promise<Uint8Array | undefined> {
    return this.#get(`proof/${leaf}`);
  }

  /** A tile or a bundle. Where a copy has only the full file, `cut` takes the part that was asked for. */
  async file(
    path: TilePath,
    cut: (full: Uint8Array) => Uint8Array,
  ): Promise<Uint8Array | undefined> {
    const exact = await this.#get(tilePath(path));
    if (exact !== undefined || path.width === fullWidth) return exact;
    const full = await this.#get(tilePath({ ...path, width: fullWidth }));
    return full && cut(full);
  }

  async #get(path: string): Promise<Uint8Array | undefined> {
    const from = this.#from;
    if (typeof from === 'function') return from(path);
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#once(`${from}/ledger/${path}`);
      } catch (cause) {
        if (this.#signal?.aborted) throw cause;
        if (attempt === tries) throw unreachable(from, cause);
        await new Promise((resolve) => setTimeout(resolve, attempt * 250));
      }
    }
  }

  async #once(url: string): Promise<Uint8Array | undefined> {
    const timeout = AbortSignal.timeout(timeoutMs);
    const response = await fetch(url, {
      redirect: 'error',
      signal: this.#signal ? AbortSignal.any([timeout, this.#signal]) : timeout,
    });
    if (response.status === 404) return undefined;
    if (response.status !== 200) throw new TypeError(`status ${response.status}`);
    return readAll(response);
  }
}

/** Whoever serves may answer without end. By its reader, since not every browser iterates over a body. */
async function readAll({ body }: Response): Promise<Uint8Array> {
  const reader = body?.getReader();
  const parts: Uint8Array[] = [];
  let size = 0;
  for (let part = await reader?.read(); part && !part.done; part = await reader?.read()) {
    size += part.value.length;
    parts.push(part.value);
    if (size <= largest) continue;
    await reader?.cancel();
    throw new TypeError('too large');
  }
  return concatBytes(...parts);
}

const unreachable = (url: string, cause: unknown): VerifyError =>
  new VerifyError('registry-unreachable', 'ledger', {
    message: `${url} does not serve its ledger.`,
    issues: [],
    cause,
  });
