import { beforeAll, describe, expect, test } from 'vitest';
import { codeOf, flipped, leavesOf, signerOf, stackRoot, utf8 } from '../tests/fixtures.ts';
import {
  addSignatures,
  cosign,
  encodeCheckpoint,
  encodeTlogProof,
  inclusionProof,
  parseTlogProof,
  signNote,
  verifyTlogProof,
  type TlogProof,
} from './index.ts';

const log = signerOf('log.example', 'ed25519', 1);
const witness = signerOf('witness.example', 'cosignature', 2);
const policy = { log: log.key, witnesses: [witness.key], threshold: 1 };
const leaves = leavesOf(7);
const index = 4;
const leaf = leaves[index]!;
let proof: TlogProof;
let file: string;

beforeAll(async () => {
  const text = encodeCheckpoint({
    origin: 'log.example',
    size: 7,
    root: stackRoot(leaves),
    extensions: [],
  });
  const cosignature = await cosign(text, { signer: witness, time: 1000 });
  const checkpoint = addSignatures(await signNote(text, [log]), [cosignature]);
  proof = { index, proof: inclusionProof(leaves, index), checkpoint };
  file = encodeTlogProof(proof);
});

const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');

describe('a proof file', () => {
  test('is header, index, hashes, an empty line and the checkpoint as it is', () => {
    const hashes = proof.proof.map((hash) => `${base64(hash)}\n`).join('');
    expect(file).toBe(`c2sp.org/tlog-proof@v1\nindex 4\n${hashes}\n${proof.checkpoint}`);
    expect(parseTlogProof(file)).toEqual(proof);
    expect(parseTlogProof(utf8(file))).toEqual(proof);
  });

  test('may carry extra data', () => {
    const extra = Uint8Array.of(1, 2, 3);
    const longer = encodeTlogProof({ ...proof, extra });
    expect(longer).toBe(file.replace('index', 'extra AQID\nindex'));
    expect(parseTlogProof(longer)).toEqual({ ...proof, extra });
  });

  test('of the only entry has no hashes', () => {
    const only = { index: 0, proof: [], checkpoint: proof.checkpoint };
    expect(encodeTlogProof(only)).toBe(`c2sp.org/tlog-proof@v1\nindex 0\n\n${proof.checkpoint}`);
    expect(parseTlogProof(encodeTlogProof(only))).toEqual(only);
  });

  test('has at most 63 hashes', async () => {
    const many = (count: number) => ({
      ...proof,
      proof: Array.from({ length: count }, () => leaf),
    });
    expect(parseTlogProof(encodeTlogProof(many(63))).proof).toHaveLength(63);
    expect(await codeOf(() => encodeTlogProof(many(64)))).toBe('proof-malformed');
    const line = `${base64(leaf)}\n`;
    const longer = encodeTlogProof(many(63)).replace('index 4\n', `index 4\n${line}`);
    expect(await codeOf(() => parseTlogProof(longer))).toBe('proof-malformed');
  });

  test.each<[string, (file: string) => string]>([
    ['nothing', () => ''],
    ['another version', (file) => file.replace('@v1', '@v2')],
    ['a byte order mark', (file) => `\uFEFF${file}`],
    ['a line before', (file) => `\n${file}`],
    ['no index', (file) => file.replace('index 4\n', '')],
    ['an index after the hashes', (file) => file.replace(/(index 4\n)(.*\n)/, '$2$1')],
    ['two indexes', (file) => file.replace('index 4\n', 'index 4\nindex 4\n')],
    ['a leading zero', (file) => file.replace('index 4', 'index 04')],
    ['a negative index', (file) => file.replace('index 4', 'index -1')],
    ['two spaces', (file) => file.replace('index 4', 'index  4')],
    ['a tab', (file) => file.replace('index 4', 'index\t4')],
    ['carriage returns', (file) => file.replaceAll('\n', '\r\n')],
    ['no empty line', (file) => file.replaceAll('\n\n', '\n')],
    ['empty extra data', (file) => file.replace('index', 'extra \nindex')],
    ['extra data that is not base64', (file) => file.replace('index', 'extra AQI\nindex')],
    ['extra data twice', (file) => file.replace('index', 'extra AQID\nextra AQID\nindex')],
    ['extra data after the index', (file) => file.replace('index 4\n', 'index 4\nextra AQID\n')],
    [
      'a hash of 33 bytes',
      (file) => file.replace('index 4\n', `index 4\n${base64(new Uint8Array(33))}\n`),
    ],
    ['a hash without padding', (file) => file.replace('=\n', '\n')],
    ['a hash with a space after it', (file) => file.replace('=\n', '= \n')],
  ])('is none with %s', async (_, change) => {
    const code = await codeOf(() => parseTlogProof(change(file)));
    expect(code).toBe('proof-malformed');
  });

  test('is bounded, and so is its index', async () => {
    const extra = new Uint8Array(800_000);
    expect(await codeOf(() => encodeTlogProof({ ...proof, extra }))).toBe('too-large');
    expect(await codeOf(() => parseTlogProof('a'.repeat(1_000_001)))).toBe('too-large');
    const beyond = file.replace('index 4', 'index 9007199254740992');
    expect(await codeOf(() => parseTlogProof(beyond))).toBe('size-invalid');
  });

  test('is not made of what could not be read', async () => {
    expect(await codeOf(() => encodeTlogProof({ ...proof, extra: new Uint8Array(0) }))).toBe(
      'proof-malformed',
    );
    expect(await codeOf(() => encodeTlogProof({ ...proof, proof: [new Uint8Array(31)] }))).toBe(
      'proof-malformed',
    );
    expect(await codeOf(() => encodeTlogProof({ ...proof, checkpoint: 'a\0' }))).toBe(
      'proof-malformed',
    );
    for (const index of [-1, 0.5, 2 ** 53]) {
      expect(await codeOf(() => encodeTlogProof({ ...proof, index }))).toBe('size-invalid');
    }
  });
});

describe('verifying a proof file', () => {
  test('says where the entry is, in which tree, seen by whom', async () => {
    expect(await verifyTlogProof(file, { leaf, policy })).toEqual({
      index,
      checkpoint: { origin: 'log.example', size: 7, root: stackRoot(leaves), extensions: [] },
      witnesses: [{ key: witness.key, time: 1000 }],
    });
  });

  test('refuses any single bit changed', async () => {
    const bytes = utf8(file);
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const changed = flipped(bytes, bit);
      expect(await codeOf(() => verifyTlogProof(changed, { leaf, policy }))).not.toBe(
        'nothing thrown',
      );
    }
  });

  test('refuses hashes in another order, left out, or added', async () => {
    const { proof: hashes } = proof;
    const wrong: [readonly Uint8Array[], string][] = [
      [hashes.toReversed(), 'proof-mismatch'],
      [hashes.slice(1), 'proof-malformed'],
      [[...hashes, leaf], 'proof-malformed'],
    ];
    for (const [hashes, code] of wrong) {
      const bad = encodeTlogProof({ ...proof, proof: hashes });
      expect(await codeOf(() => verifyTlogProof(bad, { leaf, policy }))).toBe(code);
    }
  });

  test('refuses another entry, and another place', async () => {
    expect(await codeOf(() => verifyTlogProof(file, { leaf: leaves[3]!, policy }))).toBe(
      'proof-mismatch',
    );
    const moved = encodeTlogProof({ ...proof, index: 5 });
    expect(await codeOf(() => verifyTlogProof(moved, { leaf, policy }))).toBe('proof-mismatch');
    const outside = encodeTlogProof({ ...proof, index: 7 });
    expect(await codeOf(() => verifyTlogProof(outside, { leaf, policy }))).toBe('size-invalid');
  });

  test('refuses a proof of another log, or with too few witnesses', async () => {
    const other = { ...policy, log: signerOf('other.example', 'ed25519', 3).key };
    expect(await codeOf(() => verifyTlogProof(file, { leaf, policy: other }))).toBe(
      'signature-missing',
    );
    const more = {
      ...policy,
      witnesses: [witness.key, signerOf('w', 'cosignature', 4).key],
      threshold: 2,
    };
    expect(await codeOf(() => verifyTlogProof(file, { leaf, policy: more }))).toBe(
      'witnesses-missing',
    );
    const no = { verify: () => false };
    expect(await codeOf(() => verifyTlogProof(file, { leaf, policy }, no))).toBe(
      'signature-invalid',
    );
  });
});
