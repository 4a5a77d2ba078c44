import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { codeOf, flipped, leavesOf, signerOf, stackRoot } from '../tests/fixtures.ts';
import {
  addCheckpointStatus,
  consistencyProof,
  considerCheckpoint,
  encodeAddCheckpoint,
  encodeCheckpoint,
  leafHash,
  merkleRoot,
  parseAddCheckpoint,
  signNote,
  type WitnessedLog,
} from './index.ts';

const log = signerOf('log.example', 'ed25519', 1);
const leaves = leavesOf(40);
const rootAt = (size: number, from = leaves) =>
  size === 0 ? merkleRoot([]) : stackRoot(from.slice(0, size));

const held = (size?: number): WitnessedLog => ({
  origin: 'log.example',
  keys: [log.key],
  ...(size === undefined ? {} : { latest: { size, root: rootAt(size) } }),
});

interface WantedRequest {
  oldSize: number;
  size: number;
  root?: Uint8Array;
  proof?: readonly Uint8Array[];
  signer?: typeof log;
  origin?: string;
}

async function requestOf({
  oldSize,
  size,
  signer = log,
  origin = 'log.example',
  ...rest
}: WantedRequest) {
  const root = rest.root ?? rootAt(size);
  const note = await signNote(encodeCheckpoint({ origin, size, root, extensions: [] }), [signer]);
  const proof =
    rest.proof ?? (oldSize > size ? [] : consistencyProof(leaves.slice(0, size), oldSize));
  return parseAddCheckpoint(encodeAddCheckpoint({ oldSize, proof, note }));
}

const consider = async (log: WitnessedLog | undefined, wanted: WantedRequest) =>
  considerCheckpoint(log, await requestOf(wanted));

describe('a witness (tlog-witness, "add-checkpoint")', () => {
  test('accepts a tree that begins with the one it cosigned last', async () => {
    const steps = fc
      .uniqueArray(fc.nat(40), { minLength: 2, maxLength: 2 })
      .map((pair) => pair.toSorted((a, b) => a - b));
    await fc.assert(
      fc.asyncProperty(steps, async ([oldSize, size]) => {
        const request = await requestOf({ oldSize: oldSize!, size: size! });
        expect(await considerCheckpoint(held(oldSize), request)).toEqual({
          outcome: 'accepted',
          checkpoint: { origin: 'log.example', size, root: rootAt(size!), extensions: [] },
          text: request.note.slice(0, request.note.indexOf('\n\n') + 1),
        });
      }),
      { numRuns: 60 },
    );
  });

  test.each([
    ['the first tree', undefined, { oldSize: 0, size: 5 }, 'accepted', 200],
    ['the first tree, empty', undefined, { oldSize: 0, size: 0 }, 'accepted', 200],
    ['the same tree again', 5, { oldSize: 5, size: 5 }, 'accepted', 200],
    ['an old size above the size', 5, { oldSize: 5, size: 4 }, 'bad-request', 400],
    [
      'another signer',
      5,
      { oldSize: 5, size: 7, signer: signerOf('log.example', 'ed25519', 2) },
      'bad-signature',
      403,
    ],
    ['another origin', 5, { oldSize: 5, size: 7, origin: 'other.example' }, 'unknown-log', 404],
    ['a stale old size', 5, { oldSize: 3, size: 7 }, 'conflict', 409],
    ['nothing as old size', 5, { oldSize: 0, size: 7 }, 'conflict', 409],
    ['an old size it never saw', undefined, { oldSize: 3, size: 7 }, 'conflict', 409],
    ['a smaller tree', 7, { oldSize: 3, size: 5 }, 'conflict', 409],
    ['another root of the same size', 5, { oldSize: 5, size: 5, root: rootAt(6) }, 'conflict', 409],
    [
      'another root of nothing',
      undefined,
      { oldSize: 0, size: 0, root: rootAt(6) },
      'conflict',
      409,
    ],
    ['another root', 5, { oldSize: 5, size: 7, root: rootAt(6) }, 'bad-proof', 422],
    ['no proof', 5, { oldSize: 5, size: 7, proof: [] }, 'bad-proof', 422],
    [
      'a proof from nothing',
      undefined,
      { oldSize: 0, size: 7, proof: [rootAt(1)] },
      'bad-proof',
      422,
    ],
    ['a proof of nothing new', 5, { oldSize: 5, size: 5, proof: [rootAt(1)] }, 'bad-proof', 422],
  ] as const)('answers %s', async (...[, size, wanted, outcome, status]) => {
    const answer = await consider(held(size), wanted);
    expect(answer.outcome).toBe(outcome);
    expect(addCheckpointStatus[answer.outcome]).toBe(status);
    expect('size' in answer ? answer.size : undefined).toBe(
      outcome === 'conflict' ? (size ?? 0) : undefined,
    );
  });

  test('does not know a log it holds nothing of', async () => {
    expect(await consider(undefined, { oldSize: 0, size: 5 })).toEqual({ outcome: 'unknown-log' });
  });

  test('refuses a rewritten past of any size', async () => {
    const grown = fc
      .integer({ min: 2, max: 40 })
      .chain((size) => fc.tuple(fc.constant(size), fc.integer({ min: 1, max: size - 1 })));
    await fc.assert(
      fc.asyncProperty(grown, fc.nat(), async ([size, oldSize], seed) => {
        const rewritten = leaves.with(seed % oldSize, leafHash(Uint8Array.of(1)));
        const proof = consistencyProof(rewritten.slice(0, size), oldSize);
        const wanted = { oldSize, size, root: rootAt(size, rewritten), proof };
        expect((await consider(held(oldSize), wanted)).outcome).toBe('bad-proof');
      }),
      { numRuns: 60 },
    );
  });

  test('refuses a proof with any single bit changed', async () => {
    const request = await requestOf({ oldSize: 6, size: 8 });
    for (let bit = 0; bit < request.proof.length * 256; bit++) {
      const at = bit >> 8;
      const proof = request.proof.with(at, flipped(request.proof[at]!, bit & 255));
      const answer = await considerCheckpoint(held(6), { ...request, proof });
      expect(answer).toEqual({ outcome: 'bad-proof' });
    }
  });

  test('decides by what is signed, not by what was parsed beside it', async () => {
    const request = await requestOf({ oldSize: 5, size: 7, root: rootAt(6) });
    const claimed = { ...request, checkpoint: { ...request.checkpoint, root: rootAt(7) } };
    expect(await considerCheckpoint(held(5), claimed)).toEqual({ outcome: 'bad-proof' });
  });

  test('trusts any one of the keys of a log, and no others', async () => {
    const next = signerOf('log.example', 'ed25519', 2);
    const rotated = { ...held(5), keys: [log.key, next.key] };
    const wanted = { oldSize: 5, size: 7, signer: next };
    expect((await consider(rotated, wanted)).outcome).toBe('accepted');
    expect((await consider({ ...rotated, keys: [] }, wanted)).outcome).toBe('bad-signature');
    const request = await requestOf(wanted);
    const no = await considerCheckpoint(rotated, request, { verify: () => false });
    expect(no).toEqual({ outcome: 'bad-signature' });
  });

  test('does not take a fault of its own for an answer', async () => {
    const request = await requestOf({ oldSize: 5, size: 7 });
    const weak = { ...held(5), keys: [{ ...log.key, publicKey: new Uint8Array(32) }] };
    expect(await codeOf(() => considerCheckpoint(weak, request))).toBe('key-weak');
    const fault = { verify: () => Promise.reject(new TypeError('fault')) };
    await expect(considerCheckpoint(held(5), request, fault)).rejects.toThrow(TypeError);
  });
});
