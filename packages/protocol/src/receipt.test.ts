import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  bytes32,
  codeOf,
  mutations,
  nodeSigner,
  nodeVerifier,
  now,
  origin,
  platformA,
  platformB,
  privateKey,
} from '../tests/fixtures.ts';
import { entryLeafHash, entrySchema } from './entries/index.ts';
import { toBase64url } from './bytes.ts';
import { artefactTypes, signCompact } from './jws.ts';
import {
  maximumMergeDelay,
  sealGroup,
  signGroup,
  verifyReceipt,
  type ReceiptLeaf,
} from './receipt.ts';

const signer = nodeSigner(privateKey(1));
const leafOf = (n: number): ReceiptLeaf => ({
  v: 1,
  iss: n % 2 ? platformA : platformB,
  jti: `${n}`.padStart(22, '0'),
  op: 'checks.match',
  req: bytes32(n),
  res: bytes32(n + 100),
  status: 200,
  at: now,
  ...(n % 3 ? {} : { changes: { count: n + 1, root: bytes32(n + 50) } }),
});
const groupOf = (size: number) => Array.from({ length: size }, (_, i) => leafOf(i));
const headersOf = async (size: number) =>
  signGroup(signer, sealGroup(groupOf(size), { issuer: origin, at: now, isPromised: true }));
const verify = (header: string, leaf: Omit<ReceiptLeaf, 'at' | 'v'>) =>
  verifyReceipt(header, { leaf, issuer: origin, jwk: signer.publicJwk, verify: nodeVerifier });
const sent = (n: number): Omit<ReceiptLeaf, 'at' | 'v'> => {
  const { v: _, at: __, ...leaf } = leafOf(n);
  return leaf;
};
async function headerOf(index: number, size: number): Promise<string> {
  const header = (await headersOf(size))[index];
  if (header === undefined) throw new Error('no such leaf');
  return header;
}

describe('a group commit', () => {
  test('gives each call of a group of 1 to 20 a receipt of its own, which is no receipt of another', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 20 }), async (size) => {
        const headers = await headersOf(size);
        expect(headers.length).toBe(size);
        for (const [i, header] of headers.entries()) {
          const receipt = await verify(header, sent(i));
          expect(receipt).toMatchObject({ count: size, at: now, leaf: leafOf(i), header });
          const other = i === 0 ? size : i - 1;
          expect(await codeOf(() => verify(header, sent(other)))).toBe('receipt-mismatch');
        }
      }),
      { numRuns: 20 },
    );
  });

  test('has one signature, and an entry of the ledger that names its root', () => {
    const group = sealGroup(groupOf(5), { issuer: origin, at: now, isPromised: true });
    expect(entrySchema.parse(group.entry)).toEqual({
      v: 1,
      type: 'calls',
      at: '2026-03-01T12:00:00Z',
      count: 5,
      root: group.payload.root,
    });
    expect(group.payload).toEqual({
      iss: origin,
      iat: now,
      at: now,
      count: 5,
      root: group.payload.root,
      entry: toBase64url(entryLeafHash(group.entry)),
      mmd: maximumMergeDelay,
    });
  });

  test('verifies by the default verifier', async () => {
    const header = await headerOf(1, 3);
    const expected = { leaf: sent(1), issuer: origin, jwk: signer.publicJwk };
    expect((await verifyReceipt(header, expected)).leaf).toEqual(leafOf(1));
  });
});

describe('a receipt is refused', () => {
  test.each<[keyof ReceiptLeaf, unknown]>([
    ['iss', platformB],
    ['jti', '9'.repeat(22)],
    ['op', 'checks.evaluate'],
    ['req', bytes32(99)],
    ['res', bytes32(99)],
    ['status', 404],
    ['changes', { count: 4, root: bytes32(99) }],
    ['changes', { count: 5, root: bytes32(53) }],
    ['changes', undefined],
  ])('for a leaf with another %s: %j', async (member, value) => {
    const header = await headerOf(3, 7);
    await verify(header, sent(3));
    const code = await codeOf(() => verify(header, { ...sent(3), [member]: value }));
    expect(code).toBe('receipt-mismatch');
  });

  test('for changes that the call is not known to have caused', async () => {
    const changes = { count: 1, root: bytes32(1) };
    const header = await headerOf(1, 2);
    expect(await codeOf(() => verify(header, { ...sent(1), changes }))).toBe('receipt-mismatch');
  });

  test('when any character of it is changed or left out', async () => {
    const header = await headerOf(2, 5);
    const outcomes = [];
    for (const changed of mutations(header)) {
      outcomes.push([changed, await codeOf(() => verify(changed, sent(2)))]);
    }
    expect(outcomes.filter(([, code]) => code === 'nothing thrown')).toEqual([]);
  });

  test('with the index or the path of a neighbour', async () => {
    const parts = (await headersOf(4)).map((header) => header.split('.'));
    const jws = parts[0]?.slice(2).join('.') ?? '';
    const combined = (index: number, path: number) =>
      `${parts[index]?.[0]}.${parts[path]?.[1]}.${jws}`;
    await verify(combined(1, 1), sent(1));
    for (const [index, path] of [
      [0, 1],
      [1, 0],
      [2, 1],
      [1, 3],
    ] as const) {
      expect(await codeOf(() => verify(combined(index, path), sent(1)))).toBe('receipt-mismatch');
    }
  });

  test.each<[string, (header: string) => string, string]>([
    ['a leading zero', (h) => `0${h}`, 'receipt-malformed'],
    ['a sign', (h) => `+${h}`, 'receipt-malformed'],
    ['a space', (h) => ` ${h}`, 'receipt-malformed'],
    ['an index of ten digits', (h) => `123456789${h}`, 'receipt-malformed'],
    ['an index past the group', (h) => h.replace(/^\d+/, '9'), 'receipt-mismatch'],
    [
      'a longer path',
      (h) => h.replace(/^(\d+)\.([^.]*)/, `$1.$2${'A'.repeat(128)}`),
      'receipt-mismatch',
    ],
    ['no path', (h) => h.replace(/^(\d+)\.[^.]*/, '$1.'), 'receipt-mismatch'],
    ['half a hash', (h) => h.replace(/^(\d+)\.([^.]*)/, '$1.AAAA'), 'receipt-malformed'],
    ['no group', (h) => h.split('.').slice(0, 2).join('.'), 'receipt-malformed'],
    ['a group and more', (h) => `${h}.AAAA`, 'jws-malformed'],
    ['nothing', () => '', 'receipt-malformed'],
  ])('with %s', async (_, change, code) => {
    const header = change(await headerOf(3, 8));
    expect(await codeOf(() => verify(header, sent(3)))).toBe(code);
  });

  test('by another registry, or signed with another key', async () => {
    const header = await headerOf(0, 1);
    const expected = { leaf: sent(0), issuer: origin, jwk: signer.publicJwk, verify: nodeVerifier };
    const foreign = { ...expected, issuer: 'https://other.example' };
    expect(await codeOf(() => verifyReceipt(header, foreign))).toBe('receipt-mismatch');
    const { publicJwk } = nodeSigner(privateKey(2));
    expect(await codeOf(() => verifyReceipt(header, { ...expected, jwk: publicJwk }))).toBe(
      'kid-mismatch',
    );
  });

  test.each<[string, Record<string, unknown>, string]>([
    ['another ledger entry', { entry: bytes32(1) }, 'receipt-mismatch'],
    ['another time than its entry', { at: now + 1 }, 'receipt-mismatch'],
    ['another count than its entry', { count: 2 }, 'receipt-mismatch'],
    ['another root than its entry', { root: bytes32(1) }, 'receipt-mismatch'],
    ['no merge delay that is one', { mmd: 0 }, 'payload-invalid'],
    ['an unknown member', { note: 'x' }, 'payload-invalid'],
  ])('when the registry signed %s', async (_, change, code) => {
    const { payload, prefixes } = sealGroup(groupOf(1), {
      issuer: origin,
      at: now,
      isPromised: true,
    });
    const jws = await signCompact(signer, 'recourse-receipt+jwt', { ...payload, ...change });
    expect(await codeOf(() => verify(`${prefixes[0]}${jws}`, sent(0)))).toBe(code);
  });

  test.each(artefactTypes.filter((typ) => typ !== 'recourse-receipt+jwt'))(
    'when it is a %s with the payload of a receipt',
    async (typ) => {
      const { payload, prefixes } = sealGroup(groupOf(1), {
        issuer: origin,
        at: now,
        isPromised: true,
      });
      const jws = await signCompact(signer, typ, payload);
      expect(await codeOf(() => verify(`${prefixes[0]}${jws}`, sent(0)))).toBe('typ-mismatch');
    },
  );
});
