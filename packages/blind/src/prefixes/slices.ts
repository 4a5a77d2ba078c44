import { sha256 } from '@noble/hashes/sha2.js';

/** Entries that are worked on before the event loop has its turn: some milliseconds. */
export const entriesPerSlice = 2 ** 15;

const bytesPerSlice = 2 ** 18;

/** Work that pauses wherever it yields. */
export type Sliced<T> = Generator<unknown, T, undefined>;

/** Does some work, and lets the event loop go on wherever it pauses. */
export async function inSlices<T>(work: Sliced<T>): Promise<T> {
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
    await nextTurn();
  }
}

/** Does some work without a pause. */
export function atOnce<T>(work: Sliced<T>): T {
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
  }
}

/** A SHA-256 that is fed by and by, such as `createHash('sha256')` of node. */
export interface RunningHash {
  update(bytes: Uint8Array): unknown;
  digest(): Uint8Array;
}

/** SHA-256 of many bytes, in slices. */
export const digestOf = (
  bytes: Uint8Array,
  hash: RunningHash = sha256.create(),
): Promise<Uint8Array> => inSlices(digesting(bytes, hash));

function* digesting(bytes: Uint8Array, hash: RunningHash): Sliced<Uint8Array> {
  for (let from = 0; from < bytes.length; from += bytesPerSlice) {
    hash.update(bytes.subarray(from, from + bytesPerSlice));
    yield;
  }
  return hash.digest();
}

/** Browsers have no `setImmediate`. */
const later: (callback: () => void) => unknown =
  'setImmediate' in globalThis
    ? (callback) => globalThis.setImmediate(callback)
    : (callback) => setTimeout(callback, 0);

const nextTurn = (): Promise<void> =>
  new Promise((resolve) => {
    later(resolve);
  });
