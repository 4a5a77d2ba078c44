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
  signNote,
  verifyNote,
} from './index.ts';

const text =
  'example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n';
const log = signerOf('example.com/behind-the-sofa', 'ed25519', 1);
const witness = signerOf('witness.example.com/w1', 'cosignature', 2);
const time = 1_679_315_147;

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
