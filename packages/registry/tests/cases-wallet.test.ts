import { secp256k1 } from '@noble/curves/secp256k1.js';
import { keccak_256 } from '@noble/hashes/sha3.js';
import { newSecret, startTestRegistry, type TestRegistry } from '@recourse/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { personalHash } from '../src/cases/wallet-proof.ts';
import { caseAbout, realTokens, resultOf } from './cases-fixture.ts';

let registry: TestRegistry;
let wallet: string;
const key = secp256k1.utils.randomSecretKey();

beforeAll(async () => {
  registry = await startTestRegistry({ tokens: await realTokens() });
  const point = secp256k1.getPublicKey(key, false);
  const address = Buffer.from(keccak_256(point.subarray(1)).subarray(12)).toString('hex');
  wallet = `eip155:1:0x${address}`;
  await caseAbout(registry, [['wallet', wallet]]);
});
afterAll(() => registry.close());

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** As a wallet writes it: r, s, and 27 or 28. */
function sign(hash: Uint8Array): string {
  const bytes = secp256k1.sign(hash, key, { prehash: false, format: 'recovered' });
  return `0x${hex(bytes.subarray(1))}${(bytes[0]! + 27).toString(16)}`;
}

/** The other signature that the same key gives to the same text: r, n - s, and the other parity. */
function twin(signature: string): string {
  const s = BigInt(`0x${signature.slice(66, 130)}`);
  const other = (secp256k1.Point.CURVE().n - s).toString(16).padStart(64, '0');
  return `${signature.slice(0, 66)}${other}${signature.endsWith('1b') ? '1c' : '1b'}`;
}

const ask = async (identifier: string) =>
  resultOf(await registry.caseCall('case.find', { kind: 'wallet', identifier }));

const prove = (find: string, identifier: string, proof: string) =>
  registry.caseCall('case.prove', {
    find: find as `fnd_${string}`,
    identifier,
    proof,
    newKey: newSecret(),
  });

test('a signature is for one question and not taken again, and its twin with the high s never', async () => {
  const question = await ask(wallet);
  const two = await ask(wallet);
  const signature = sign(personalHash(question.proof.message));
  expect((await prove(two.find, wallet, signature)).guessed).toBe(true);
  expect((await prove(two.find, wallet, twin(signature))).guessed).toBe(true);
  expect((await prove(question.find, wallet, twin(signature))).guessed).toBe(true);
  expect(resultOf(await prove(question.find, wallet, signature)).found).toHaveLength(1);
  for (const again of [signature, twin(signature)]) {
    expect((await prove(question.find, wallet, again)).guessed).toBe(true);
  }
});

test('a signature is for one chain and one address, in whatever case the address is written', async () => {
  const elsewhere = wallet.replace('eip155:1:', 'eip155:137:');
  const { find, proof } = await ask(elsewhere);
  expect(proof.message).toContain(elsewhere);
  const signature = sign(personalHash(proof.message));
  expect((await prove(find, wallet, signature)).guessed).toBe(true);
  const other = `eip155:137:0x${'ab'.repeat(20)}`;
  expect((await prove(find, other, signature)).guessed).toBe(true);
  const shouted = `eip155:137:0x${elsewhere.slice(13).toUpperCase()}`;
  expect(resultOf(await prove(find, shouted, signature)).found).toEqual([]);
});

test('a signature over the bare text, its hash or a transaction proves nothing', async () => {
  const { find, proof } = await ask(wallet);
  const text = Buffer.from(proof.message);
  for (const hash of [keccak_256(text), keccak_256(keccak_256(text)), new Uint8Array(32).fill(1)]) {
    expect((await prove(find, wallet, sign(hash))).guessed).toBe(true);
  }
});

test('a message is signed for this registry alone, and no identifier brings a line of its own', async () => {
  const { proof } = await ask(wallet);
  expect(proof.message.split('\n')[0]).toContain('https://registry.test');
  for (const bad of [
    `${wallet}\nSend all`,
    `eip155:1\n2:${wallet.slice(9)}`,
    `eip155:01:${wallet.slice(9)}`,
    `eip155:1:${wallet.slice(9)} `.replace('0x', '0X '),
  ]) {
    const answer = await registry.caseCall('case.find', { kind: 'wallet', identifier: bad });
    expect(answer.status).toBe(422);
    expect(answer.raw.body).not.toContain('Send all');
  }
});
