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
const outputB =
  '8a9a2f3c7f085b65933594309041fc1898d42d0858e59f90814ae90571a6df60356f4610bf816f27afdd84f47719e480906d27ecd994985890e5f539e7ea74b6';

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

  test('vector 1, batch size 1', () => {
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

  test('vector 2, batch size 1', () => {
    const keys = deriveKeyPair(new Uint8Array(32).fill(0xa3), 'test key');
    const inputs = [hex('5a'.repeat(17))];
    const { blinds, blinded } = blind(inputs, [hex(blindA)]);
    const { evaluated, proof } = evaluateBatch({ ...keys, blinded }, hex(blindB));
    expect(blinded.map(bytesToHex)).toEqual([
      'cc0b2a350101881d8a4cba4c80241d74fb7dcbfde4a61fde2f91443c2bf9ef0c',
    ]);
    expect(evaluated.map(bytesToHex)).toEqual([
      '60a59a57208d48aca71e9e850d22674b611f752bed48b36f7a91b372bd7ad468',
    ]);
    expect(bytesToHex(proof)).toBe(
      '401a0da6264f8cf45bb2f5264bc31e109155600babb3cd4e5af7d181a2c9dc0a67154fabf031fd936051dec80b0b6ae29c9503493dde7393b722eafdf5a50b02',
    );
    const outputs = finalize({ inputs, blinds, blinded, evaluated, proof, ...keys });
    expect(outputs.map(bytesToHex)).toEqual([outputB]);
  });

  test('vector 3, batch size 2', () => {
    const keys = deriveKeyPair(new Uint8Array(32).fill(0xa3), 'test key');
    const inputs = [hex('00'), hex('5a'.repeat(17))];
    const { blinds, blinded } = blind(inputs, [hex(blindA), hex(blindB)]);
    const random = hex('419c4f4f5052c53c45f3da494d2b67b220d02118e0857cdbcf037f9ea84bbe0c');
    const { evaluated, proof } = evaluateBatch({ ...keys, blinded }, random);
    expect(bytesToHex(proof)).toBe(
      'cc203910175d786927eeb44ea847328047892ddf8590e723c37205cb74600b0a5ab5337c8eb4ceae0494c2cf89529dcf94572ed267473d567aeed6ab873dee08',
    );
    expect(
      finalize({ inputs, blinds, blinded, evaluated, proof, ...keys }).map(bytesToHex),
    ).toEqual([outputA, outputB]);
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
        input: inputs.at(i)!,
        blind,
        blinded,
        evaluated: evaluated.at(i)!,
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
    const outputs = finalize({
      inputs,
      blinds,
      blinded,
      evaluated,
      proof,
      publicKey: keys.publicKey,
    });
    expect(token(outputs.at(0)!)).toEqual(evaluateToken(keys.secretKey, inputs.at(0)!));
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
    expect(() =>
      finalize({ ...good, evaluated: [good.evaluated.at(0)!, bad.evaluated.at(1)!] }),
    ).toThrow(expect.objectContaining({ code: 'proof-invalid' }));
  });

  test('swapped elements', () => {
    const good = round();
    expect(() => finalize({ ...good, evaluated: good.evaluated.toReversed() })).toThrow(
      expect.objectContaining({ code: 'proof-invalid' }),
    );
  });

  test('any single bit of the proof', () => {
    const good = round();
    for (let bit = 0; bit < 512; bit++) {
      expect(() => finalize({ ...good, proof: flipped(good.proof, bit) })).toThrow(
        expect.objectContaining({ code: 'proof-invalid' }),
      );
    }
  });

  test('any single bit of an evaluated element', () => {
    const good = round();
    for (let bit = 0; bit < 256; bit++) {
      const evaluated = [flipped(good.evaluated.at(0)!, bit), good.evaluated.at(1)!];
      expect(() => finalize({ ...good, evaluated })).toThrow(
        expect.objectContaining({
          code: expect.stringMatching(/^(element|proof)-invalid$/) as string,
        }),
      );
    }
  });

  test('a scalar of the proof that is zero or not reduced', () => {
    const { proof, ...good } = round();
    const zeroC = Uint8Array.from(proof).fill(0, 0, 32);
    const zeroS = Uint8Array.from(proof).fill(0, 32);
    const plusOrder = Uint8Array.from([...proof.subarray(0, 32), ...plusL(proof.subarray(32))]);
    for (const bad of [zeroC, zeroS, plusOrder, proof.subarray(0, 63), new Uint8Array(0)]) {
      expect(() => finalize({ ...good, proof: bad })).toThrow(
        expect.objectContaining({ code: 'proof-invalid' }),
      );
    }
  });

  test('another number of elements than was asked for', () => {
    const good = round();
    for (const name of ['blinds', 'blinded', 'evaluated'] as const) {
      for (const list of [good[name].slice(1), [...good[name], good[name].at(0)!]]) {
        expect(() => finalize({ ...good, [name]: list })).toThrow(
          expect.objectContaining({ code: 'batch-invalid' }),
        );
      }
    }
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
    const inputs = [tokenInput('email', 'a@example.com')];
    const { blinds, blinded } = blind(inputs);
    const good = { inputs, blinds, blinded, ...keys(), ...evaluateBatch({ ...keys(), blinded }) };
    for (const bad of [{ evaluated: [element] }, { publicKey: element }]) {
      expect(() => finalize({ ...good, ...bad })).toThrow(
        expect.objectContaining({ code: 'element-invalid' }),
      );
    }
  });

  test('a secret key that is no scalar is refused', () => {
    for (const secretKey of [
      new Uint8Array(32),
      new Uint8Array(32).fill(0xff),
      new Uint8Array(31),
    ]) {
      expect(() => evaluateBatch({ ...keys(), secretKey, blinded: [keys().publicKey] })).toThrow(
        expect.objectContaining({ code: 'key-invalid' }),
      );
    }
  });

  test('an input whose length does not fit two bytes is refused', () => {
    const { secretKey } = keys();
    expect(evaluateToken(secretKey, new Uint8Array(65_535))).toHaveLength(32);
    expect(() => evaluateToken(secretKey, new Uint8Array(65_536))).toThrow(
      expect.objectContaining({ code: 'input-invalid' }),
    );
    expect(() => blind([new Uint8Array(65_536)])).toThrow(
      expect.objectContaining({ code: 'input-invalid' }),
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
        const outputs = finalize({ inputs, blinds, blinded, evaluated, proof, publicKey });
        const [a, b] = [token(outputs.at(0)!), token(outputs.at(1)!)];
        expect(a).toEqual(evaluateToken(secretKey, inputs.at(0)!));
        expect(a).not.toEqual(b);
      }),
      { numRuns: 20 },
    );
  });
});

function flipped(bytes: Uint8Array, bit: number): Uint8Array {
  const copy = Uint8Array.from(bytes);
  copy.set([copy.at(bit >> 3)! ^ (1 << (bit & 7))], bit >> 3);
  return copy;
}

/** The same scalar in another spelling: plus the order of the group, little-endian. */
function plusL(bytes: Uint8Array): Uint8Array {
  const order = 2n ** 252n + 27742317777372353535851937790883648493n;
  const value = BigInt(`0x${bytesToHex(bytes.toReversed())}`) + order;
  return hex(value.toString(16).padStart(64, '0')).toReversed();
}
