import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import { ristretto255_oprf } from '@noble/curves/ed25519.js';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { blind, finalize, token, tokenInput } from './client.ts';
import { deriveKeyPair, evaluateBatch, evaluateToken } from './evaluate.ts';
import { ready } from './suite.ts';

const hex = hexToBytes;
const blindA = '64d37aed22a27f5191de1c1d69fadb899d8862b58eb4220029e036ec4c1f6706';
const blindB = '222a5e897cf59db8145db8d16e597e8facb80ae7d4e26d9881aa6f61d645fc0e';
const outputA =
  'b58cfbe118e0cb94d79b5fd6a6dafb98764dff49c14e1770b566e42402da1a7da4d8527693914139caee5bd03903af43a491351d23b430948dd50cde10d32b3c';

beforeAll(ready);

describe('RFC 9497, appendix A.1.2 (ristretto255-SHA512, VOPRF mode)', () => {
  test('key derivation', () => {
    const keys = deriveKeyPair(new Uint8Array(32).fill(0xa3), 'test key');
    expect(bytesToHex(keys.secretKey)).toBe(
      'e6f73f344b79b379f1a0dd37e07ff62e38d9f71345ce62ae3a9bc60b04ccd909',
    );
    expect(bytesToHex(keys.publicKey)).toBe(
      'c803e2cc6b05fc15064549b5920659ca4a77b2cca6f04f6b357009335476ad4e',
    );
  });

  test('test vector 1, batch size 1', () => {
    const keys = deriveKeyPair(new Uint8Array(32).fill(0xa3), 'test key');
    const inputs = [hex('00')];
    const { blinds, blinded } = blind(inputs, [hex(blindA)]);
    const { evaluated, proof } = evaluateBatch({ ...keys, blinded }, hex(blindB));
    expect(blinded.map(bytesToHex)).toEqual([
      '863f330cc1a1259ed5a5998a23acfd37fb4351a793a5b3c090b642ddc439b945',
    ]);
    expect(evaluated.map(bytesToHex)).toEqual([
      'aa8fa048764d5623868679402ff6108d2521884fa138cd7f9c7669a9a014267e',
    ]);
    expect(bytesToHex(proof)).toBe(
      'ddef93772692e535d1a53903db24367355cc2cc78de93b3be5a8ffcc6985dd066d4346421d17bf5117a2a1ff0fcb2a759f58a539dfbe857a40bce4cf49ec600d',
    );
    const outputs = finalize({ inputs, blinds, blinded, evaluated, proof, ...keys });
    expect(outputs.map(bytesToHex)).toEqual([outputA]);
  });

  test('test vector 3, batch size 2', () => {
    const keys = deriveKeyPair(new Uint8Array(32).fill(0xa3), 'test key');
    const inputs = [hex('00'), hex('5a'.repeat(17))];
    const { blinds, blinded } = blind(inputs, [hex(blindA), hex(blindB)]);
    const random = hex('419c4f4f5052c53c45f3da494d2b67b220d02118e0857cdbcf037f9ea84bbe0c');
    const { evaluated, proof } = evaluateBatch({ ...keys, blinded }, random);
    expect(bytesToHex(proof)).toBe(
      'cc203910175d786927eeb44ea847328047892ddf8590e723c37205cb74600b0a5ab5337c8eb4ceae0494c2cf89529dcf94572ed267473d567aeed6ab873dee08',
    );
    expect(finalize({ inputs, blinds, blinded, evaluated, proof, ...keys }).map(bytesToHex)).toEqual([
      outputA,
      '8a9a2f3c7f085b65933594309041fc1898d42d0858e59f90814ae90571a6df60356f4610bf816f27afdd84f47719e480906d27ecd994985890e5f539e7ea74b6',
    ]);
  });
});

describe('equality with @noble/curves', () => {
  const seed = new Uint8Array(32).fill(7);

  test('its client verifies our evaluations, and unblinds to our tokens', () => {
    const keys = deriveKeyPair(seed, 'noble');
    const noble = ristretto255_oprf.voprf;
    const inputs = [tokenInput('email', 'a@example.com'), tokenInput('phone', '+31612345678')];
    const theirs = inputs.map((input) => noble.blind(input));
    const { evaluated, proof } = evaluateBatch({
      ...keys,
      blinded: theirs.map(({ blinded }) => blinded),
    });
    const outputs = noble.finalizeBatch(
      theirs.map(({ blind, blinded }, i) => ({
        input: inputs[i]!,
        blind,
        blinded,
        evaluated: evaluated[i]!,
      })),
      keys.publicKey,
      proof,
    );
    expect(outputs.map((output) => bytesToHex(token(output)))).toEqual(
      inputs.map((input) => bytesToHex(evaluateToken(keys.secretKey, input))),
    );
  });

  test('our client verifies its evaluations', () => {
    const noble = ristretto255_oprf.voprf;
    const keys = noble.deriveKeyPair(seed, new TextEncoder().encode('noble'));
    const inputs = [tokenInput('domain', 'example.com')];
    const { blinds, blinded } = blind(inputs);
    const { evaluated, proof } = noble.blindEvaluateBatch(keys.secretKey, keys.publicKey, blinded);
    const [output] = finalize({ inputs, blinds, blinded, evaluated, proof, publicKey: keys.publicKey });
    expect(token(output!)).toEqual(evaluateToken(keys.secretKey, inputs[0]!));
  });
});

describe('an evaluation under another key is refused', () => {
  const round = () => {
    const keys = deriveKeyPair(new Uint8Array(32).fill(9), 'a');
    const inputs = [tokenInput('email', 'a@example.com'), tokenInput('email', 'b@example.com')];
    const { blinds, blinded } = blind(inputs);
    const { evaluated, proof } = evaluateBatch({ ...keys, blinded });
    return { inputs, blinds, blinded, evaluated, proof, publicKey: keys.publicKey };
  };
  const other = () => deriveKeyPair(new Uint8Array(32).fill(8), 'b');

  test('another public key', () => {
    expect(() => finalize({ ...round(), publicKey: other().publicKey })).toThrow(
      expect.objectContaining({ code: 'proof-invalid' }),
    );
  });

  test('one element evaluated by another key, with the proof kept', () => {
    const good = round();
    const bad = evaluateBatch({ ...other(), blinded: good.blinded });
    expect(() => finalize({ ...good, evaluated: [good.evaluated[0]!, bad.evaluated[1]!] })).toThrow(
      expect.objectContaining({ code: 'proof-invalid' }),
    );
  });

  test('swapped elements', () => {
    const good = round();
    expect(() => finalize({ ...good, evaluated: good.evaluated.toReversed() })).toThrow(
      expect.objectContaining({ code: 'proof-invalid' }),
    );
  });

  test('any single bit of the proof', () => {
    const good = round();
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 511 }), (bit) => {
        const proof = good.proof.slice();
        proof[bit >> 3]! ^= 1 << (bit & 7);
        expect(() => finalize({ ...good, proof })).toThrow();
      }),
      { numRuns: 40 },
    );
  });
});

describe('elements of the other side', () => {
  const keys = () => deriveKeyPair(new Uint8Array(32).fill(9), 'a');

  test.each([
    ['the identity', new Uint8Array(32)],
    ['a non-canonical encoding', new Uint8Array(32).fill(0xff)],
    ['31 bytes', new Uint8Array(31).fill(1)],
  ])('%s is refused', (_, element) => {
    expect(() => evaluateBatch({ ...keys(), blinded: [element] })).toThrow(
      expect.objectContaining({ code: 'element-invalid' }),
    );
  });

  test('a batch of 0 or of 65 is refused', () => {
    const element = keys().publicKey;
    for (const blinded of [[], Array.from({ length: 65 }, () => element)]) {
      expect(() => evaluateBatch({ ...keys(), blinded })).toThrow(
        expect.objectContaining({ code: 'batch-invalid' }),
      );
    }
  });

  test('tokens do not depend on the blind, and differ by kind', () => {
    const { secretKey, publicKey } = keys();
    fc.assert(
      fc.property(fc.string({ maxLength: 40 }), (text) => {
        const inputs = [tokenInput('email', text), tokenInput('account', text)];
        const { blinds, blinded } = blind(inputs);
        const { evaluated, proof } = evaluateBatch({ secretKey, publicKey, blinded });
        const [a, b] = finalize({ inputs, blinds, blinded, evaluated, proof, publicKey });
        expect(token(a!)).toEqual(evaluateToken(secretKey, inputs[0]!));
        expect(token(a!)).not.toEqual(token(b!));
      }),
      { numRuns: 20 },
    );
  });
});
