import { randomBytes } from 'node:crypto';
import { GeneralEncrypt, generateKeyPair, importJWK } from 'jose';
import {
  claimSchema,
  generateKey,
  newCaseSecret,
  signerFromJwk,
  thumbprint,
  toBase64url,
  type GeneralJwe,
  type SealingKey,
} from '@recourse/protocol';
import type { TestKey } from '@recourse/testkit';
import type { Principal } from '../world/principals.ts';

/** Trust key of a platform, or the one key of a reviewer or operator. */
export function keyOf(by: Principal): TestKey {
  const key = by.platform?.trust ?? by.key;
  if (!key) throw new Error(`${by.name} has no key`);
  return key;
}

export const adminOf = (by: Principal): TestKey => by.platform?.admin ?? keyOf(by);

export const secret = (): string => newCaseSecret((size) => randomBytes(size));
export const random32 = (): string => toBase64url(randomBytes(32));
export const newJti = (): string => toBase64url(randomBytes(18));

/** Of every claimant of a hunt, as a browser makes it. */
export const claimantSigner = await signerFromJwk(await generateKey('ES256'));

const alg = 'ECDH-ES+A256KW';

/** A key to seal evidence to, fresh for each claim. */
export async function newSealingKey(): Promise<SealingKey> {
  const { publicKey } = await generateKeyPair(alg, {
    crv: 'P-256',
    extractable: true,
  });
  const { x, y } = await crypto.subtle.exportKey('jwk', publicKey);
  return { kty: 'EC', crv: 'P-256', x: x ?? '', y: y ?? '' };
}

const other = await newSealingKey();

/** The key that a claim of a reviewer states. */
export const keyInClaim = (claim: string): SealingKey =>
  claimSchema.parse(JSON.parse(Buffer.from(claim.split('.')[1] ?? '', 'base64url').toString())).key;

/** For a single recipient jose would put `epk` into the protected header, so one more is sealed to and left out. */
export async function seal(to: readonly SealingKey[], bytes: Uint8Array): Promise<GeneralJwe> {
  const jwe = new GeneralEncrypt(bytes).setProtectedHeader({ enc: 'A256GCM' });
  for (const key of [...to, other]) {
    jwe
      .addRecipient(await importJWK({ ...key }, alg))
      .setUnprotectedHeader({ alg, kid: thumbprint(key) });
  }
  const { protected: header, iv, ciphertext, tag, recipients } = await jwe.encrypt();
  const sealed = {
    protected: header,
    iv,
    ciphertext,
    tag,
    recipients: recipients.slice(0, to.length),
  };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what the registry parses anyhow
  return sealed as unknown as GeneralJwe;
}
