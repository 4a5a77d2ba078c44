import { generateKeyPairSync, sign } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { codeOf, signerOf } from '../tests/fixtures.ts';
import {
  encodeNote,
  keyId,
  signatureFault,
  verifyNote,
  withLowS,
  type SignatureAlg,
} from './index.ts';

const bytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, 'hex'));
const hexOf = (number: bigint): string => number.toString(16).padStart(64, '0');
const little = (number: bigint): string =>
  Buffer.from(bytes(hexOf(number)).toReversed()).toString('hex');

/** The eight points of small order, and the six second spellings of some of them, as CCTV lists them. */
const smallOrder = [
  '0100000000000000000000000000000000000000000000000000000000000000',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0000000000000000000000000000000000000000000000000000000000000080',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa',
  '0100000000000000000000000000000000000000000000000000000000000080',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff',
  'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff',
  'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff',
];
const base = '5866666666666666666666666666666666666666666666666666666666666666';

describe('Ed25519: R of small order, and S beyond the order of the group, are refused', () => {
  test.each(smallOrder)('R = %s', (r) => {
    expect(signatureFault('Ed25519', bytes(r + little(1n)))).toMatch(/^r-/);
  });

  test('R beyond the field is a second spelling', () => {
    const p = 2n ** 255n - 19n;
    expect(signatureFault('Ed25519', bytes(little(p + 2n) + little(1n)))).toBe('r-beyond-field');
    expect(signatureFault('Ed25519', bytes(little(p - 2n) + little(1n)))).toBeUndefined();
  });

  test('S from 0 to L - 1 and no more', () => {
    const order = 2n ** 252n + 27742317777372353535851937790883648493n;
    for (const s of [0n, 1n, order - 1n]) {
      expect(signatureFault('Ed25519', bytes(base + little(s)))).toBeUndefined();
    }
    for (const s of [order, order + 1n, 2n ** 253n, 2n ** 256n - 1n]) {
      expect(signatureFault('Ed25519', bytes(base + little(s)))).toBe('s-not-reduced');
    }
  });
});

describe.each<[SignatureAlg, bigint]>([
  ['ES256', 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n],
  ['ES256K', 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n],
])('%s: r and s', (alg, order) => {
  const fault = (r: bigint, s: bigint) => signatureFault(alg, bytes(hexOf(r) + hexOf(s)));

  test('from 1 to n - 1, s in the lower half', () => {
    const half = order / 2n;
    for (const [r, s] of [
      [1n, 1n],
      [order - 1n, half],
    ] as const) {
      expect(fault(r, s)).toBeUndefined();
    }
    for (const r of [0n, order, order + 1n, 2n ** 256n - 1n])
      expect(fault(r, 1n)).toBe('out-of-range');
    for (const s of [0n, order, 2n ** 256n - 1n]) expect(fault(1n, s)).toBe('out-of-range');
    for (const s of [half + 1n, order - 1n]) expect(fault(1n, s)).toBe('high-s');
  });

  test('a high s is lowered to n - s, and nothing else is changed', () => {
    const high = bytes(hexOf(7n) + hexOf(order - 3n));
    expect(withLowS(alg, high)).toEqual(bytes(hexOf(7n) + hexOf(3n)));
    for (const other of [hexOf(7n) + hexOf(3n), hexOf(0n) + hexOf(0n), hexOf(7n) + hexOf(order)]) {
      expect(withLowS(alg, bytes(other))).toEqual(bytes(other));
    }
  });
});

test('of two hundred ES256 signatures each has one accepted spelling', () => {
  const { privateKey: key } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const counts = { high: 0, low: 0 };
  for (let i = 0; i < 200; i++) {
    const signature = Uint8Array.from(
      sign('sha256', Buffer.from([i]), { key, dsaEncoding: 'ieee-p1363' }),
    );
    const isLow = signatureFault('ES256', signature) === undefined;
    counts[isLow ? 'low' : 'high']++;
    expect(signatureFault('ES256', withLowS('ES256', signature))).toBeUndefined();
  }
  expect(counts.high).toBeGreaterThan(50);
  expect(counts.low).toBeGreaterThan(50);
});

test.each([0, 63, 65])('a signature of %i bytes is refused, and left as it is', (length) => {
  for (const alg of ['Ed25519', 'ES256', 'ES256K'] as const) {
    const signature = new Uint8Array(length).fill(1);
    expect(signatureFault(alg, signature)).toBe('not-64-bytes');
    expect(withLowS(alg, signature)).toBe(signature);
  }
});

describe('a note is refused whatever verifier is passed in', () => {
  const text = 'registry.example/ledger\n2\nO1joJF006Ka33cc7rokGUnLn/OUsC7X0KrzD9sKBG6o=\n';
  const { key } = signerOf('registry.example/ledger', 'ed25519', 1);
  const lenient = { verify: () => true };
  const noteOf = (signature: string) =>
    encodeNote({ text, signatures: [{ ...key, id: keyId(key), signature: bytes(signature) }] });

  /** R is the neutral point and S = k * secret: OpenSSL 3.0 takes it, OpenSSL 3.5 does not. */
  const byOwner =
    '010000000000000000000000000000000000000000000000000000000000000006dc1c93d407c04d309cf99b249f3eef0c416dce976ae20069aa736a38c1e402';

  test('R of small order, by the owner of the key', async () => {
    expect(await codeOf(() => verifyNote(noteOf(byOwner), [key], lenient))).toBe(
      'signature-invalid',
    );
    expect(await codeOf(() => verifyNote(noteOf(byOwner), [key]))).toBe('signature-invalid');
    expect(await codeOf(() => verifyNote(noteOf(base + little(1n)), [key], lenient))).toBe(
      'nothing thrown',
    );
  });

  test('the same in a cosignature, after its time', async () => {
    const witness = signerOf('witness.example', 'cosignature', 1).key;
    const cosignature = (signature: string) =>
      encodeNote({
        text,
        signatures: [
          { ...witness, id: keyId(witness), signature: bytes(`${'00'.repeat(7)}01${signature}`) },
        ],
      });
    const code = (signature: string) =>
      codeOf(() => verifyNote(cosignature(signature), [witness], lenient));
    expect(await code(byOwner)).toBe('signature-invalid');
    expect(await code(base + little(1n))).toBe('nothing thrown');
  });
});
