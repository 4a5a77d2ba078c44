import { createPrivateKey, createPublicKey, sign } from 'node:crypto';
import {
  addSignatures,
  cosign,
  encodeCheckpoint,
  encodeTlogProof,
  encodeVerifierKey,
  inclusionProof,
  leafHash,
  merkleRoot,
  parseNote,
  signNote,
  type NoteSigner,
  type SignatureType,
} from '@recourse/ledger';
import { describe, expect, test } from 'vitest';
import { toBase64url, utf8 } from './bytes.ts';
import { entryLeafHash, type Entry } from './entries/index.ts';
import { followPolicies } from './follow-policies.ts';
import { majorityOf, policyFingerprint, type LoggedWitnessPolicy } from './witness-policy.ts';

function signerOf(name: string, type: SignatureType, seed: number): NoteSigner {
  const prefix = Buffer.from('302e020100300506032b657004220420', 'hex');
  const der = Buffer.concat([prefix, Buffer.alloc(32, seed)]);
  const secret = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  const spki = createPublicKey(secret).export({ format: 'der', type: 'spki' });
  return {
    key: { name, type, publicKey: Uint8Array.from(spki.subarray(-32)) },
    sign: (message) => Uint8Array.from(sign(null, message, secret)),
  };
}

const log = signerOf('registry.test/ledger', 'ed25519', 1);
const witnesses = [11, 12, 13].map((seed) => signerOf(`w${seed}.test`, 'cosignature', seed));
const party = (i: number) => `plt_01hzy3v7q8e9k4m5n6p7r8s9t${i}` as const;

const policyOf = (count: number): LoggedWitnessPolicy => ({
  threshold: majorityOf(count),
  witnesses: witnesses
    .slice(0, count)
    .map(({ key }, i) => ({ party: party(i), key: encodeVerifierKey(key) })),
});
const entryOf = (count: number): Entry => ({
  v: 1,
  type: 'witness-policy',
  at: `2026-03-0${count + 1}T00:00:00Z`,
  detail: policyOf(count),
});

/** The log has the policies with none, one and three witnesses, in this order, and these have cosigned it. */
const entries = [entryOf(0), entryOf(1), entryOf(3)];

async function prover(cosigners: readonly NoteSigner[], logged = entries) {
  const leaves = [leafHash(utf8('first')), ...logged.map(entryLeafHash)];
  const text = encodeCheckpoint({
    origin: log.key.name,
    size: leaves.length,
    root: merkleRoot(leaves),
    extensions: [],
  });
  const cosignatures = await Promise.all(
    cosigners.map((signer) => cosign(text, { signer, time: 1_000 })),
  );
  const signed = await signNote(text, [log]);
  const note = cosignatures.length === 0 ? signed : addSignatures(signed, cosignatures);
  expect(parseNote(note).signatures).toHaveLength(cosigners.length + 1);
  return (leaf: Uint8Array) => {
    const index = leaves.findIndex((one) => toBase64url(one) === toBase64url(leaf));
    if (index < 0) return Promise.resolve(undefined);
    const proof = encodeTlogProof({
      index,
      proof: inclusionProof(leaves, index),
      checkpoint: note,
    });
    return Promise.resolve(utf8(proof));
  };
}

const follow = async (
  from: number,
  options: {
    cosigners?: readonly NoteSigner[];
    policies?: readonly unknown[];
    logged?: Entry[];
  } = {},
) => {
  const { cosigners = witnesses, policies = entries, logged } = options;
  const proofOf = await prover(cosigners, logged);
  return followPolicies({
    log: log.key,
    from: policyFingerprint(policyOf(from)),
    policies,
    proofOf,
  });
};

describe('a witness policy is followed from the one that is pinned', () => {
  test('to the newest, one by one', async () => {
    for (const from of [0, 1, 3]) expect(await follow(from)).toEqual(policyOf(3));
  });

  test('and from none that is not published', async () => {
    expect(await follow(2)).toBeUndefined();
    expect(await follow(1, { policies: [] })).toBeUndefined();
  });

  test('no further than the one before has cosigned', async () => {
    expect(await follow(1, { cosigners: [] })).toEqual(policyOf(1));
    expect(await follow(1, { cosigners: witnesses.slice(1) })).toEqual(policyOf(1));
    // Whoever pinned no witnesses believes the log key alone.
    expect(await follow(0, { cosigners: [] })).toEqual(policyOf(3));
  });

  test('no further than what is logged', async () => {
    expect(await follow(1, { logged: entries.slice(0, 2) })).toEqual(policyOf(1));
  });

  test('not back to an older one that is logged as well', async () => {
    expect(await follow(3, { policies: [entryOf(3), entryOf(1)] })).toEqual(policyOf(3));
    expect(await follow(3, { policies: [...entries, entryOf(0)] })).toEqual(policyOf(3));
  });

  test('not to what is no policy, which stands in the way of none', async () => {
    const unsound = { ...entryOf(3), detail: { ...policyOf(3), threshold: 1 } };
    expect(await follow(1, { policies: [entryOf(1), unsound] })).toEqual(policyOf(1));
    expect(await follow(1, { policies: [entryOf(1), unsound, entryOf(3)] })).toEqual(policyOf(3));
    expect(await follow(1, { policies: [null, entryOf(1), 'x'] })).toEqual(policyOf(1));
  });
});
