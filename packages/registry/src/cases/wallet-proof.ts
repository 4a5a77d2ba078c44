import { secp256k1 } from '@noble/curves/secp256k1.js';
import { keccak_256 } from '@noble/hashes/sha3.js';
import { signatureFault } from '@recourse/ledger';
import { utf8 } from '@recourse/protocol';

const evmAccount = /^eip155:[1-9][0-9]*:(0x[0-9a-f]{40})$/;

/** The address of an EVM account in canonical form; undefined for accounts of other chains. */
export const evmAddress = (wallet: string): string | undefined => evmAccount.exec(wallet)?.[1];

/**
 * Makes the text that a wallet shows before it signs: whom it is for, what it does, and the proof that makes it
 * one-time.
 */
export const walletMessage = ({
  origin,
  wallet,
  proof,
}: {
  origin: string;
  wallet: string;
  proof: string;
}): string =>
  [
    `${origin} asks for proof that you control this account:`,
    wallet,
    '',
    'Signing shows you the cases about it. It moves nothing and costs nothing.',
    '',
    `Proof: ${proof}`,
  ].join('\n');

/**
 * The address whose key signed a text by EIP-191 `personal_sign`, lower case; undefined when nothing did.
 * @param signature 65 bytes r || s || v in hex, v as 0, 1, 27 or 28, s in the lower half (EIP-2); attacker-controlled
 */
export function personalSigner(text: string, signature: string): string | undefined {
  if (!/^0x[0-9a-fA-F]{130}$/.test(signature)) return undefined;
  const bytes = Buffer.from(signature.slice(2), 'hex');
  if (signatureFault('ES256K', bytes.subarray(0, 64)) !== undefined) return undefined;
  const v = bytes[64]!;
  const recovery = v >= 27 ? v - 27 : v;
  if (recovery > 1) return undefined;
  try {
    const parsed = secp256k1.Signature.fromBytes(bytes.subarray(0, 64)).addRecoveryBit(recovery);
    return addressOf(parsed.recoverPublicKey(personalHash(text)).toBytes(false));
  } catch {
    return undefined;
  }
}

/** EIP-191, version 0x45 */
export function personalHash(text: string): Uint8Array {
  const message = utf8(text);
  const prefix = utf8(`\u0019Ethereum Signed Message:\n${message.length}`);
  return keccak_256(Buffer.concat([prefix, message]));
}

/** The last 20 bytes of Keccak-256 over the uncompressed point without its first byte. */
const addressOf = (point: Uint8Array): string =>
  `0x${Buffer.from(keccak_256(point.subarray(1)).subarray(12)).toString('hex')}`;
