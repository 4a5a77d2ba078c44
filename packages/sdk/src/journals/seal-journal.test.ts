import { fromBase64url, journalBlock, type SealingKey } from '@recourse/protocol';
import { describe, expect, it } from 'vitest';
import { codeOf } from '../../tests/connected.ts';
import { newSealingKey, publicPart, sealBytes } from '../evidence/seal.ts';
import { sealJournal, unsealJournal } from './seal-journal.ts';

const place = {
  origin: 'https://registry.example',
  party: 'plt_01hzy3v7q8e9k4m5n6p7r8s9t0',
  sanction: 'snc_01hzy3v7q8e9k4m5n6p7r8s9t0',
};
const text = 'header.payload.signature';

const keys = async (n: number) => Promise.all(Array.from({ length: n }, newSealingKey));
const sealed = (to: readonly SealingKey[], compact = text) => sealJournal(compact, place, to);

describe('a sealed journal', () => {
  it('opens for each of those that it was sealed to, and for nobody else', async () => {
    const [one, two, stranger] = (await keys(3)) as [never, never, never];
    const jwe = await sealed([publicPart(one), publicPart(two)]);
    for (const key of [one, two])
      expect(await unsealJournal(jwe, place, key)).toEqual({ compact: text });
    expect(await unsealJournal(jwe, place, stranger)).toEqual({ code: 'not-sealed-to-own-key' });
  });

  it.each([
    ['record', { ...place, sanction: 'snc_01hzy3v7q8e9k4m5n6p7r8s9t1' }],
    ['platform', { ...place, party: 'plt_01hzy3v7q8e9k4m5n6p7r8s9t1' }],
    ['registry', { ...place, origin: 'https://other.example' }],
  ])('opens for no other %s', async (_, other) => {
    const [key] = (await keys(1)) as [never];
    const jwe = await sealed([publicPart(key)]);
    expect(await unsealJournal(jwe, other, key)).toEqual({ code: 'undecipherable' });
  });

  it('has the size of a whole block, whatever is in it, and no more than four', async () => {
    const [key] = (await keys(1)) as [never];
    const to = [publicPart(key)];
    const sizeOf = async (length: number) =>
      fromBase64url((await sealed(to, 'a'.repeat(length))).ciphertext).length / journalBlock;
    expect(await Promise.all([1, journalBlock, journalBlock + 1].map(sizeOf))).toEqual([1, 1, 2]);
    expect(await codeOf(() => sealed(to, 'a'.repeat(4 * journalBlock + 1)))).toBe('invalid-input');
  });

  it('is no evidence: what was sealed without a record opens as no journal', async () => {
    const [key] = (await keys(1)) as [never];
    const jwe = await sealBytes(new Uint8Array(journalBlock), [publicPart(key)]);
    expect(await unsealJournal(jwe as never, place, key)).toEqual({ code: 'undecipherable' });
  });
});
