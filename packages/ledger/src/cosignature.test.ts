import { verify } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { codeOf, flipped, signerOf, utf8 } from '../tests/fixtures.ts';
import {
  addSignatures,
  cosign,
  encodeNote,
  keyId,
  parseNote,
  parseTimestampedSignature,
  parseVerifierKey,
  signNote,
  verifyCheckpoint,
  verifyNote,
  type VerifierKey,
} from './index.ts';

const text =
  'example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n';
const log = signerOf('example.com/behind-the-sofa', 'ed25519', 1);
const witness = signerOf('witness.example.com/w1', 'cosignature', 2);
const time = 1_679_315_147;

/** Of a public CT log, as it was served on 23 May 2026: the log's two signatures, and those of its witnesses. */
const witnessed = `arche2025h1.staging.ct.transparency.dev
1432088532
U7WM79jrzyhGZ5/GUBTpM7NzwdyfFx61t3RovgcC4Ro=

— arche2025h1.staging.ct.transparency.dev zTM8sQAAAZ5W0WdjBAMARjBEAiBjW5IQf9pvsYLfQFX6hoGREPMHbdQ3urbllzalApkptQIgIpwtEroeW2BXaHAI4kJXFbon5Ch9MNL5zRNZ55lvGt0=
— arche2025h1.staging.ct.transparency.dev ui8GwCF1+kWqZrxGdhj4aX3gcw7XUlXQQabg/27lefwhUkzbC3NygNI75MdhL1bfTW9g8Ei59RA23oHP7Ry1k3ZFWwQ=
— transparency.dev/DEV:witness-little-garden 2AQqhwAAAABqEiEgzgFIqqhbUoDwjMWE6UP8nd8/KYTzwZ2rhIgcqoXHAwVkjZr4AscylP3v7sEodkRAErumC2q44vdgJY096st5BQ==
— witness1.smartit.nu/witness1 pIyCDwAAAABqEiEghIp82KWebrw7/oHQwlTAm3g2RKS4+eebl8eO0WH+/iEcxZ75W3u5hNI7TOQtmJbqmNWVuE0tgh0XwzdZsDsUAQ==
— remora.n621.de 2net5wAAAABqEiEgPlfF3V06o0Y+fHM+J5J9s27wgxxcOVSpZ/2g/KSiXCg9DEZI+aVCIobWX9sXTynk5XeU/zZ0WBxtqB0DrAWfBw==
— witness.stagemole.eu Z/euoAAAAABqEiEgw0i+7g2ENfDAWHmtRzCfKTHSDwYDJA2NmKeGi9Y8FtEyOUvVr+AJmIY/2TUFucgKi7lI7cUiOvKFYe/TmN9DAg==
`;

const cosigned = async (at = time) =>
  encodeNote({ text, signatures: [await cosign(text, { signer: witness, time: at })] });

describe('a cosignature', () => {
  test('is read: the example of tlog-cosignature', () => {
    const { signatures } = parseNote(
      `${text}\n` +
        '— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n' +
        '— witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==\n',
    );
    expect(signatures[1]).toMatchObject({ name: 'witness.example.com/w1', id: 0x8d66cf3f });
    const parsed = parseTimestampedSignature(signatures[1]!.signature);
    expect(parsed.time).toBe(time);
    expect(parsed.signature).toHaveLength(64);
    expect(Buffer.from(parsed.signature).toString('hex')).toMatch(/^119307c1.*7d9faa9c$/);
  });

  test('of a public witness verifies, on the checkpoint of a public log', async () => {
    const [staging, remora] = [
      'arche2025h1.staging.ct.transparency.dev+ba2f06c0+AU0vHmlGCS/PdN8b2OaGmKprLI8HKM+dJ472xgFYh15f',
      'remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2',
    ].map(parseVerifierKey) as [VerifierKey, VerifierKey];
    const policy = { log: staging, witnesses: [remora], threshold: 1 };
    const { checkpoint, witnesses } = await verifyCheckpoint(witnessed, policy);
    expect(checkpoint).toMatchObject({ origin: staging.name, size: 1_432_088_532 });
    expect(witnesses).toEqual([{ key: remora, time: 1_779_573_024 }]);
    for (const [from, to] of [
      ['1432088532', '1432088533'],
      ['2net5wAAAABqEiEg', '2net5wAAAABqEiEh'],
    ] as const) {
      const changed = witnessed.replace(from, to);
      expect(await codeOf(() => verifyCheckpoint(changed, policy))).toBe('signature-invalid');
    }
  });

  test('signs the header, the time and the whole text, and nothing else', async () => {
    const { name, id, signature } = await cosign(text, { signer: witness, time });
    expect([name, id]).toEqual([witness.key.name, keyId(witness.key)]);
    expect(signature.subarray(0, 8)).toEqual(Uint8Array.of(0, 0, 0, 0, 0x64, 0x18, 0x50, 0xcb));
    const x = Buffer.from(witness.key.publicKey).toString('base64url');
    const key = { key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' } as const;
    const message = utf8(`cosignature/v1\ntime 1679315147\n${text}`);
    expect(verify(null, message, key, signature.subarray(8))).toBe(true);
  });

  test('verifies, with its time', async () => {
    const { signatures } = await verifyNote(await cosigned(), [witness.key]);
    expect(signatures).toEqual([{ key: witness.key, time }]);
  });

  test.each([0, 1, 2 ** 32, 2 ** 53 - 1])('is made at second %d', async (at) => {
    const { signatures } = await verifyNote(await cosigned(at), [witness.key]);
    expect(signatures[0]?.time).toBe(at);
  });

  test('is refused with any single bit of it changed', async () => {
    const { name, id, signature } = await cosign(text, { signer: witness, time });
    for (let bit = 0; bit < signature.length * 8; bit++) {
      const signatures = [{ name, id, signature: flipped(signature, bit) }];
      const code = await codeOf(() => verifyNote(encodeNote({ text, signatures }), [witness.key]));
      expect(code).toBe('signature-invalid');
    }
  });

  test('covers extension lines', async () => {
    const note = await cosigned();
    const extended = note.replace('2I=\n', '2I=\nextension\n');
    expect(await codeOf(() => verifyNote(extended, [witness.key]))).toBe('signature-invalid');
  });

  test('is read with a time up to 2^53 - 1, and 72 bytes', async () => {
    const bytes = new Uint8Array(72);
    bytes.set([0, 0x1f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]);
    expect(parseTimestampedSignature(bytes).time).toBe(2 ** 53 - 1);
    bytes.set([0, 0x20, 0, 0, 0, 0, 0, 0]);
    expect(await codeOf(() => parseTimestampedSignature(bytes))).toBe('signature-invalid');
    for (const length of [0, 8, 64, 71, 73]) {
      const wrong = new Uint8Array(length);
      expect(await codeOf(() => parseTimestampedSignature(wrong))).toBe('signature-invalid');
      if (length === 0) continue;
      const signatures = [{ name: witness.key.name, id: keyId(witness.key), signature: wrong }];
      const note = encodeNote({ text, signatures });
      const always = { verify: () => true };
      expect(await codeOf(() => verifyNote(note, [witness.key], always))).toBe('signature-invalid');
    }
  });

  test('is never a log signature, nor the other way round', async () => {
    const asLog = { ...witness.key, type: 'ed25519' as const };
    const asWitness = { ...log.key, type: 'cosignature' as const };
    expect(await codeOf(async () => verifyNote(await cosigned(), [asLog]))).toBe(
      'signature-missing',
    );
    const note = await signNote(text, [log]);
    expect(await codeOf(() => verifyNote(note, [asWitness]))).toBe('signature-missing');
    // Also not with the id rewritten, which costs an attacker nothing.
    const { signature } = (await cosign(text, { signer: witness, time })) satisfies object;
    const forged = [
      { key: asLog, signature: signature.slice(8) },
      { key: asLog, signature },
    ];
    for (const { key, signature } of forged) {
      const signatures = [{ name: key.name, id: keyId(key), signature }];
      const code = await codeOf(() => verifyNote(encodeNote({ text, signatures }), [key]));
      expect(code).toBe('signature-invalid');
    }
  });

  test('is made of checkpoints only, at a time, by a cosigner', async () => {
    const at = { signer: witness, time };
    expect(await codeOf(() => cosign('any text\n', at))).toBe('checkpoint-malformed');
    expect(await codeOf(() => cosign(text.replace('2085', '9208521639999'), at))).toBe(
      'size-invalid',
    );
    for (const time of [-1, 0.5, 2 ** 53, Number.NaN]) {
      expect(await codeOf(() => cosign(text, { signer: witness, time }))).toBe('time-invalid');
    }
    expect(await codeOf(() => cosign(text, { signer: log, time }))).toBe('key-malformed');
    const broken = { ...witness, sign: () => new Uint8Array(63) };
    expect(await codeOf(() => cosign(text, { signer: broken, time }))).toBe('signature-invalid');
  });

  test('joins the note of the log', async () => {
    const note = addSignatures(await signNote(text, [log]), [
      await cosign(text, { signer: witness, time }),
    ]);
    const { signatures } = await verifyNote(note, [log.key, witness.key]);
    expect(signatures).toEqual([{ key: log.key }, { key: witness.key, time }]);
  });
});
