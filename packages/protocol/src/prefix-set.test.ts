import { beforeAll, describe, expect, test } from 'vitest';
import { entryLeafHash, entrySchema } from './entries/index.ts';
import { hashText } from './hash.ts';
import { publicPart, type PublicJwk } from './jwk.ts';
import { artefactTypes, generateKey, signCompact, signerFromJwk, type Signer } from './jws.ts';
import { openPrefixSet, prefixSetEntry } from './prefix-set.ts';

const header = {
  list: 'all',
  epoch: 1,
  version: 7,
  bits: 20,
  count: 3,
  sha256: 'A'.repeat(43),
  asOf: 1_800_000_000,
} as const;

let signer: Signer;
let jwk: PublicJwk;
beforeAll(async () => {
  const key = await generateKey();
  signer = await signerFromJwk(key);
  jwk = publicPart(key);
});

describe('the header of a set', () => {
  test('opens with the key of the registry', async () => {
    const compact = await signCompact(signer, 'recourse-set+jwt', header);
    expect((await openPrefixSet(compact, { jwk })).payload).toEqual(header);
  });

  test('is not what another key signed', async () => {
    const other = await signerFromJwk(await generateKey());
    const compact = await signCompact(other, 'recourse-set+jwt', header);
    await expect(openPrefixSet(compact, { jwk })).rejects.toMatchObject({ code: 'kid-mismatch' });
  });

  test.each(artefactTypes.filter((typ) => typ !== 'recourse-set+jwt'))('is no %s', async (typ) => {
    const compact = await signCompact(signer, typ, header);
    await expect(openPrefixSet(compact, { jwk })).rejects.toMatchObject({ code: 'typ-mismatch' });
  });

  test.each([
    ['another list', { list: 'mine' }],
    ['a width beyond 32 bits', { bits: 33 }],
    ['version 0', { version: 0 }],
    ['a member more', { tokens: [] }],
  ])('with %s is refused', async (_, change) => {
    const compact = await signCompact(signer, 'recourse-set+jwt', { ...header, ...change });
    await expect(openPrefixSet(compact, { jwk })).rejects.toMatchObject({
      code: 'payload-invalid',
    });
  });

  test('has one public entry, which says its hash', async () => {
    const compact = await signCompact(signer, 'recourse-set+jwt', header);
    const entry = prefixSetEntry(await openPrefixSet(compact, { jwk }));
    expect(entrySchema.parse(entry)).toEqual({
      v: 1,
      type: 'prefix-set',
      at: '2027-01-15T08:00:00Z',
      detail: { list: 'all', epoch: 1, version: 7, hash: hashText(compact) },
    });
    const later = await signCompact(signer, 'recourse-set+jwt', { ...header, version: 8 });
    expect(entryLeafHash(prefixSetEntry(await openPrefixSet(later, { jwk })))).not.toEqual(
      entryLeafHash(entry),
    );
  });
});
