import {
  addSignatures,
  consistencyProof,
  cosign,
  encodeCheckpoint,
  leafHash,
  merkleRoot,
  signNote,
  type NoteSigner,
  type WitnessPolicy,
} from '@recourse/ledger';
import { beforeAll, describe, expect, test } from 'vitest';
import { bytes32, codeOf, nodeSigner, now, origin, privateKey } from '../tests/fixtures.ts';
import { fromBase64url, toBase64url, utf8 } from './bytes.ts';
import { signCompact, type Signer } from './jws.ts';
import { verifyEvidence, type LedgerEvidence } from './ledger-evidence.ts';
import { receiptGroupOf, sealGroup, signGroup } from './receipt.ts';

type Evidence<T extends LedgerEvidence['type']> = Extract<LedgerEvidence, { type: T }>;

const logKey = nodeSigner(privateKey(1));
const receiptKey = nodeSigner(privateKey(2));

function noteSigner(signer: Signer, options: { name: string; type: 'ed25519' | 'cosignature' }) {
  const x = signer.publicJwk.kty === 'OKP' ? signer.publicJwk.x : '';
  const key = { ...options, publicKey: fromBase64url(x) };
  return { key, sign: (message: Uint8Array) => signer.sign(message) } satisfies NoteSigner;
}

const log = noteSigner(logKey, { name: 'registry.example/ledger', type: 'ed25519' });
const witnesses = [11, 12, 13].map((seed) =>
  noteSigner(nodeSigner(privateKey(seed)), { name: `w.example/${seed}`, type: 'cosignature' }),
);
const policy: WitnessPolicy = {
  log: log.key,
  witnesses: witnesses.map(({ key }) => key),
  threshold: 2,
};
const otherLog = noteSigner(nodeSigner(privateKey(3)), { name: log.key.name, type: 'ed25519' });
const elsewhere: WitnessPolicy = { ...policy, log: otherLog.key };

const history = (name: string, size: number): Uint8Array[] =>
  Array.from({ length: size }, (_, i) => leafHash(utf8(`${name} ${i}`)));

async function noteOf(
  leaves: readonly Uint8Array[],
  { by = log, at = [] as readonly number[] } = {},
): Promise<string> {
  const root = merkleRoot(leaves);
  const text = encodeCheckpoint({
    origin: by.key.name,
    size: leaves.length,
    root,
    extensions: [],
  });
  const lines = await Promise.all(
    at.map((time, i) => cosign(text, { signer: witnesses[i]!, time })),
  );
  const note = await signNote(text, [by]);
  return lines.length === 0 ? note : addSignatures(note, lines);
}

/** That the tree of `ours` is not the beginning of the tree of `theirs`. */
async function forkOf(
  ours: readonly Uint8Array[],
  theirs: readonly Uint8Array[],
): Promise<Evidence<'ledger-forked'>> {
  return {
    v: 1,
    type: 'ledger-forked',
    notes: [await noteOf(ours), await noteOf(theirs)],
    prefix: toBase64url(merkleRoot(theirs.slice(0, ours.length))),
    proof: consistencyProof(theirs, ours.length).map(toBase64url),
  };
}

const refused = (evidence: unknown, by: WitnessPolicy = policy): Promise<string> =>
  codeOf(() => verifyEvidence(evidence, by));

describe('two histories under one key are proven', () => {
  test.each([
    [1, 1],
    [3, 3],
    [4, 9],
    [5, 6],
    [5, 300],
    [256, 257],
  ])('of %i entries, and of %i', async (a, b) => {
    const fork = await forkOf(history('ours', a), history('theirs', b));
    expect(await verifyEvidence(JSON.parse(JSON.stringify(fork)), policy)).toEqual({
      type: 'ledger-forked',
      sizes: [a, b],
    });
  });

  test('whoever cosigned them, and not of another log', async () => {
    const fork = await forkOf(history('ours', 5), history('theirs', 9));
    expect(await refused(fork, elsewhere)).toBe('evidence-invalid');
    const alone = { ...policy, witnesses: [], threshold: 0 };
    expect((await verifyEvidence(fork, alone)).type).toBe('ledger-forked');
  });

  test('by what the larger one signed, and by nothing else', async () => {
    const ours = history('ours', 5);
    const theirs = history('theirs', 9);
    const fork = await forkOf(ours, theirs);
    const grown = [...ours, ...history('more', 4)];
    for (const evidence of [
      await forkOf(ours, grown),
      { ...fork, notes: fork.notes.toReversed() },
      { ...fork, notes: [fork.notes[0], await noteOf(grown)] },
      { ...fork, notes: [fork.notes[0], await noteOf(theirs, { by: otherLog })] },
      { ...fork, prefix: bytes32(9) },
      { ...fork, proof: fork.proof.slice(1) },
      { ...fork, proof: [] },
      { ...fork, v: 2 },
      { ...fork, who: 'plt_01hzy3v7q8e9k4m5n6p7r8s9t0' },
      {},
      null,
    ]) {
      expect(await refused(evidence)).toBe('evidence-invalid');
    }
  });
});

describe('a smaller ledger', () => {
  test('is of the registry that signed both, the smaller first', async () => {
    const smaller = await noteOf(history('ours', 3));
    const larger = await noteOf(history('ours', 7));
    const evidence = { v: 1, type: 'ledger-rolled-back', notes: [smaller, larger] };
    expect(await verifyEvidence(evidence, policy)).toEqual({
      type: 'ledger-rolled-back',
      sizes: [3, 7],
    });
    for (const notes of [
      [larger, smaller],
      [larger, larger],
    ]) {
      expect(await refused({ ...evidence, notes })).toBe('evidence-invalid');
    }
    expect(await refused(evidence, elsewhere)).toBe('evidence-invalid');
  });
});

describe('a broken promise', () => {
  let evidence: Evidence<'promise-broken'>;
  let entry: string;
  beforeAll(async () => {
    const leaf = {
      v: 1,
      iss: 'plt_01hzy3v7q8e9k4m5n6p7r8s9t0',
      jti: 'j'.repeat(22),
      op: 'sanctions.list',
      req: bytes32(1),
      res: bytes32(2),
      status: 200,
      at: now,
    } as const;
    const group = sealGroup([leaf], { issuer: origin, at: now, isPromised: true });
    ({ entry } = group.payload);
    const [header = ''] = await signGroup(receiptKey, group);
    evidence = {
      v: 1,
      type: 'promise-broken',
      receipt: receiptGroupOf(header),
      receiptKey: await announced(),
      checkpoint: await noteOf(history('ours', 9), { at: [now + 60, now + 61] }),
    };
  });

  const announced = (overrides: object = {}, by: Signer = logKey): Promise<string> =>
    signCompact(by, 'recourse-registry-key+jwt', {
      aud: origin,
      use: 'receipt',
      jwk: receiptKey.publicJwk,
      iat: now,
      ...overrides,
    });

  test('is of the receipt key that the log key announced, and says what was promised', async () => {
    expect(await verifyEvidence(evidence, policy)).toEqual({
      type: 'promise-broken',
      entry,
      due: new Date((now + 60) * 1000),
      size: 9,
      isWitnessedLate: true,
    });
  });

  test('is late by the word of as many witnesses as must cosign, and else by that of who shows it', async () => {
    for (const [at, isWitnessedLate] of [
      [[now + 60, now + 60], true],
      [[now + 59, now + 600], false],
      [[now + 59, now + 60, now + 60], true],
    ] as const) {
      const checkpoint = await noteOf(history('ours', 9), { at });
      expect(await verifyEvidence({ ...evidence, checkpoint }, policy)).toMatchObject({
        isWitnessedLate,
      });
    }
    const alone = { ...policy, witnesses: [], threshold: 0 };
    expect(await verifyEvidence(evidence, alone)).toMatchObject({ isWitnessedLate: false });
  });

  test('is not shown by another key, for another use, by another registry or by a checkpoint of too few', async () => {
    const another = 'https://other.example';
    for (const over of [
      { receiptKey: await announced({ use: 'event' }) },
      { receiptKey: await announced({ aud: another }) },
      { receiptKey: await announced({ jwk: logKey.publicJwk }) },
      { receiptKey: await announced({}, receiptKey) },
      { receiptKey: evidence.receipt },
      { receipt: evidence.receiptKey },
      { receipt: evidence.receipt.replace(/[^.](?=[^.]*$)/, (c) => (c === 'A' ? 'B' : 'A')) },
      { checkpoint: await noteOf(history('ours', 9), { at: [now + 60] }) },
      { checkpoint: await noteOf(history('ours', 9), { by: otherLog }) },
    ]) {
      expect(await refused({ ...evidence, ...over })).toBe('evidence-invalid');
    }
    expect(await refused(evidence, elsewhere)).toBe('evidence-invalid');
  });
});
