import { expect, test } from 'vitest';
import { evmAddress, personalHash, personalSigner, walletMessage } from './wallet-proof.ts';

/** Of the documentation of web3.js, `web3.eth.accounts.sign` and `recover`. */
const published = {
  text: 'Some data',
  hash: '1da44b586eb0729ff70a73c326926f6ed5a25f5b056e7f47fbc6e58d86871655',
  signature:
    '0xb91467e570a6466aa9e9876cbcd013baba02900b8979d43fe208a4a4f339f5fd6007e74cd82e037b800186422fc2da167c747ef045e5d18a5f5d4300f8e1a0291c',
  address: '0x2c7536e3605d9c16a7a3d7b1898e529396a65c23',
};

test('the hash of a text is that of EIP-191, as web3.js and ethers publish it', () => {
  const hex = (text: string): string => Buffer.from(personalHash(text)).toString('hex');
  expect(hex(published.text)).toBe(published.hash);
  // Of the documentation of ethers, `hashMessage`.
  expect(hex('Hello World')).toBe(
    'a1de988600a42c4b4ab089b619297c17d53cffae5d5120d82d8a92d0bb3b78f2',
  );
});

test('the signer of a published signature is recovered, with v as 28 or as 1', () => {
  expect(personalSigner(published.text, published.signature)).toBe(published.address);
  const plain = published.signature.replace(/1c$/, '01');
  expect(personalSigner(published.text, plain)).toBe(published.address);
});

test('another text, another v and what is no signature name nobody of that name', () => {
  const { signature, address } = published;
  expect(personalSigner('Some date', signature)).not.toBe(address);
  expect(personalSigner(published.text, signature.replace(/1c$/, '1b'))).not.toBe(address);
  for (const bad of [
    '',
    '0x',
    signature.slice(2),
    signature.replace(/1c$/, '1d'),
    signature.replace(/1c$/, ''),
    `0x${'0'.repeat(128)}1b`,
    `0x${'f'.repeat(128)}1b`,
  ]) {
    expect(personalSigner(published.text, bad)).toBeUndefined();
  }
});

test('only EVM accounts in canonical form have an address', () => {
  expect(evmAddress(`eip155:1:${published.address}`)).toBe(published.address);
  expect(evmAddress(`eip155:137:${published.address}`)).toBe(published.address);
  expect(evmAddress('solana:4sGjMW1sUnHzSxGspuhpqLDx6wiyjNtZ:7S3P4HxJpy')).toBeUndefined();
});

test('the message says for whom it is signed and of what', () => {
  const of = { origin: 'https://r.example', wallet: 'eip155:1:0xab', proof: 'P' };
  const message = walletMessage(of);
  for (const part of Object.values(of)) expect(message).toContain(part);
});

test('v is 0 or 1, or 27 or 28 for the same, and nothing else', () => {
  const withV = (v: string): string | undefined =>
    personalSigner(published.text, published.signature.replace(/1c$/, v));
  expect([withV('00'), withV('1c')]).toEqual([withV('1b'), published.address]);
  expect(withV('00')).toMatch(/^0x[0-9a-f]{40}$/);
  for (const v of ['02', '03', '1a', '1d', '1e', 'ff']) expect(withV(v)).toBeUndefined();
});

test('a signature stands alone, in hex of either case', () => {
  const { text, signature, address } = published;
  expect(personalSigner(text, `0x${signature.slice(2).toUpperCase()}`)).toBe(address);
  expect(personalSigner(text, `x${signature}`)).toBeUndefined();
  expect(personalSigner(text, `${signature}00`)).toBeUndefined();
});

test('an account stands alone, with a chain that is a number', () => {
  for (const wallet of [
    `x eip155:1:${published.address}`,
    `eip155:1:${published.address}0`,
    `eip155:01:${published.address}`,
    `eip155::${published.address}`,
    `eip155:1:${published.address.toUpperCase()}`,
  ]) {
    expect(evmAddress(wallet)).toBeUndefined();
  }
});

test('what a wallet shows says for whom, of what, and that nothing is paid', () => {
  const of = { origin: 'https://r.example', wallet: 'eip155:1:0xab', proof: 'P' };
  expect(walletMessage(of).split('\n')).toEqual([
    'https://r.example asks for proof that you control this account:',
    'eip155:1:0xab',
    '',
    'Signing shows you the cases about it. It moves nothing and costs nothing.',
    '',
    'Proof: P',
  ]);
});
