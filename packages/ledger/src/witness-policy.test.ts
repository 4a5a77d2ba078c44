import { describe, expect, test } from 'vitest';
import { codeOf, flipped, signerOf, utf8 } from '../tests/fixtures.ts';
import {
  addSignatures,
  cosign,
  encodeCheckpoint,
  signNote,
  verifyCheckpoint,
  type NoteSigner,
  type WitnessPolicy,
} from './index.ts';

const log = signerOf('log.example/a', 'ed25519', 1);
const witnesses = [2, 3, 4].map((seed) => signerOf(`w${seed}.example`, 'cosignature', seed));
const stranger = signerOf('w9.example', 'cosignature', 9);
const checkpoint = {
  origin: 'log.example/a',
  size: 7,
  root: new Uint8Array(32).fill(5),
  extensions: [],
};
const text = encodeCheckpoint(checkpoint);
const policy: WitnessPolicy = {
  log: log.key,
  witnesses: witnesses.map(({ key }) => key),
  threshold: 2,
};

async function witnessed(by: readonly NoteSigner[], signed = text): Promise<string> {
  const note = await signNote(signed, [log]);
  const cosignatures = by.map((signer, i) => cosign(signed, { signer, time: 1000 + i }));
  return addSignatures(note, await Promise.all(cosignatures));
}

describe('a checkpoint under a policy', () => {
  test('is accepted with enough witnesses, each named with its time', async () => {
    const note = await witnessed([witnesses[2]!, stranger, witnesses[0]!]);
    expect(await verifyCheckpoint(note, policy)).toEqual({
      checkpoint,
      witnesses: [
        { key: witnesses[2]!.key, time: 1000 },
        { key: witnesses[0]!.key, time: 1002 },
      ],
    });
  });

  test.each([
    [0, 0, 'nothing thrown'],
    [1, 0, 'witnesses-missing'],
    [1, 1, 'nothing thrown'],
    [2, 1, 'witnesses-missing'],
    [2, 2, 'nothing thrown'],
    [3, 2, 'witnesses-missing'],
    [3, 3, 'nothing thrown'],
  ])('that asks for %i of 3, with %i: %s', async (threshold, count, code) => {
    const note = await witnessed([...witnesses.slice(0, count), stranger]);
    expect(await codeOf(() => verifyCheckpoint(note, { ...policy, threshold }))).toBe(code);
  });

  test('needs the log itself, whoever else signed', async () => {
    const signatures = await Promise.all(
      witnesses.map((signer) => cosign(text, { signer, time: 1 })),
    );
    const other = await signNote(text, [signerOf('log.example/b', 'ed25519', 8)]);
    const note = addSignatures(other, signatures);
    expect(await codeOf(() => verifyCheckpoint(note, policy))).toBe('signature-missing');
  });

  test('of another log is refused, even signed by this one', async () => {
    const foreign = encodeCheckpoint({ ...checkpoint, origin: 'log.example/b' });
    const note = await witnessed(witnesses, foreign);
    expect(await codeOf(() => verifyCheckpoint(note, policy))).toBe('origin-mismatch');
  });

  test('that is no checkpoint is refused', async () => {
    const note = await signNote('log.example/a\n7\n', [log]);
    expect(await codeOf(() => verifyCheckpoint(note, { ...policy, threshold: 0 }))).toBe(
      'checkpoint-malformed',
    );
  });

  test('is refused when one known witness fails, beyond the threshold too', async () => {
    const elsewhere = encodeCheckpoint({ ...checkpoint, size: 8 });
    const wrong = await cosign(elsewhere, { signer: witnesses[2]!, time: 1 });
    const note = addSignatures(await witnessed(witnesses.slice(0, 2)), [wrong]);
    expect(await codeOf(() => verifyCheckpoint(note, policy))).toBe('signature-invalid');
  });

  test('is refused with any single bit changed', async () => {
    const note = utf8(await witnessed(witnesses.slice(0, 2)));
    const verdicts = new Map<string, number>();
    for (let bit = 0; bit < note.length * 8; bit++) {
      const code = await codeOf(() => verifyCheckpoint(flipped(note, bit), policy));
      verdicts.set(code, (verdicts.get(code) ?? 0) + 1);
    }
    expect(verdicts.get('nothing thrown')).toBeUndefined();
    expect(verdicts.get('witnesses-missing')).toBeGreaterThan(0);
    expect(verdicts.get('signature-missing')).toBeGreaterThan(0);
    expect(verdicts.get('signature-invalid')).toBeGreaterThan(0);
  });

  test.each<[string, Partial<WitnessPolicy>]>([
    ['a threshold above the witnesses', { threshold: 4 }],
    ['a negative threshold', { threshold: -1 }],
    ['half a witness', { threshold: 1.5 }],
    ['no threshold', { threshold: Number.NaN }],
    ['a log that cosigns', { log: { ...log.key, type: 'cosignature' } }],
    [
      'a witness that signs as a log',
      { witnesses: [{ ...witnesses[0]!.key, type: 'ed25519' }, witnesses[1]!.key] },
    ],
    [
      'one key under two names',
      { witnesses: [witnesses[0]!.key, { ...witnesses[0]!.key, name: 'x.example' }] },
    ],
    ['one witness twice', { witnesses: [witnesses[0]!.key, witnesses[0]!.key] }],
    [
      'the log as its own witness',
      { witnesses: [witnesses[0]!.key, { ...log.key, type: 'cosignature' }] },
    ],
  ])('is not considered under one with %s', async (_, wrong) => {
    const note = await witnessed(witnesses);
    expect(await codeOf(() => verifyCheckpoint(note, { ...policy, ...wrong }))).toBe(
      'policy-invalid',
    );
  });

  test('asks the injected verifier', async () => {
    const note = await witnessed(witnesses);
    const no = { verify: () => false };
    expect(await codeOf(() => verifyCheckpoint(note, policy, no))).toBe('signature-invalid');
  });
});
