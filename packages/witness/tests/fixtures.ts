import {
  consistencyProof,
  encodeAddCheckpoint,
  encodeCheckpoint,
  leafHash,
  merkleRoot,
  parseSignatures,
  parseTimestampedSignature,
  signNote,
  type NoteSigner,
  type SignatureType,
} from '@recourse/ledger';
import { createPrivateKey, createPublicKey, sign } from 'node:crypto';
import { fromUtf8, utf8 } from '@recourse/protocol';
import { serialised } from '../src/serialised.ts';
import type { WitnessedTree, WitnessStore } from '../src/witness-store.ts';

/** A signer whose secret is 32 bytes of `seed`. */
export function signerOf(name: string, type: SignatureType, seed: number): NoteSigner {
  const prefix = Buffer.from('302e020100300506032b657004220420', 'hex');
  const der = Buffer.concat([prefix, Buffer.alloc(32, seed)]);
  const secret = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  const spki = createPublicKey(secret).export({ format: 'der', type: 'spki' });
  return {
    key: { name, type, publicKey: Uint8Array.from(spki.subarray(-32)) },
    sign: (message) => Uint8Array.from(sign(null, message, secret)),
  };
}

export const logSigner = signerOf('log.example', 'ed25519', 1);
/** Logs with such histories, for a witness of many */
export const logs = Array.from({ length: 200 }, (_, i) =>
  signerOf(`log-${i}.example`, 'ed25519', i + 20),
);
export const witnessSigner = signerOf('witness.example', 'cosignature', 2);

export const forkAt = 5;
export const mostLeaves = 12;

/** Two histories of one log, which part after five leaves. */
export type Branch = 'a' | 'b';
const leavesOf = (branch: Branch): Uint8Array[] =>
  Array.from({ length: mostLeaves }, (_, i) =>
    leafHash(utf8(i < forkAt ? `${i}` : `${branch} ${i}`)),
  );
const histories = { a: leavesOf('a'), b: leavesOf('b') };

export const rootOf = (branch: Branch, size: number): Uint8Array =>
  merkleRoot(histories[branch].slice(0, size));

export const noteOf = (branch: Branch, size: number, signer = logSigner): Promise<string> => {
  const root = rootOf(branch, size);
  const text = encodeCheckpoint({ origin: signer.key.name, size, root, extensions: [] });
  return signNote(text, [signer]);
};

/** Makes the request of a log that believes the witness to hold `oldSize`. */
export async function requestOf(
  branch: Branch,
  { oldSize, size, signer = logSigner }: { oldSize: number; size: number; signer?: NoteSigner },
): Promise<Uint8Array> {
  const leaves = histories[branch].slice(0, size);
  const proof = oldSize > size ? [] : consistencyProof(leaves, oldSize);
  const note = await noteOf(branch, size, signer);
  return utf8(encodeAddCheckpoint({ oldSize, proof, note }));
}

/** The time in an answer of 200 */
export function timeOf(body: string): number {
  const [signature] = parseSignatures(body);
  return parseTimestampedSignature(signature!.signature).time;
}

/** One cosignature, as its signer was asked for it */
export interface Statement {
  readonly time: number;
  readonly size: number;
  readonly root: string;
}

export function statementOf(message: Uint8Array): Statement {
  const [, time, , size, root] = fromUtf8(message).split('\n');
  return { time: Number(time?.slice('time '.length)), size: Number(size), root: root ?? '' };
}

/** Asserts the rule that a witness must never break, over its statements in the order of its signatures. */
export function assertOneHistory(statements: readonly Statement[]): void {
  const branches = (['a', 'b'] as const).filter((branch) =>
    statements.every(
      ({ size, root }) => Buffer.from(rootOf(branch, size)).toString('base64') === root,
    ),
  );
  if (branches.length === 0) throw new Error('two histories are cosigned');
  for (const [i, { time, size }] of statements.entries()) {
    const before = statements[i - 1] ?? { time: 0, size: 0 };
    if (size < before.size) throw new Error('a smaller tree is cosigned after a larger one');
    if (time < before.time) throw new Error('time goes back');
  }
}

/** Forgets when the process ends. */
export function memoryWitnessStore(): WitnessStore {
  const trees = new Map<string, WitnessedTree>();
  return serialised({
    latest: (origin) => trees.get(origin),
    record: (origin, tree) => {
      trees.set(origin, tree);
      return Promise.resolve();
    },
    release: () => undefined,
  });
}
