import { createPrivateKey, hkdfSync, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import {
  fromBase64url,
  newId,
  signerFromJwk,
  toBase64url,
  type Id,
  type IdPrefix,
  type PrivateJwk,
  type Signer,
} from '@recourse/protocol';
import { ServerError } from '../errors.ts';
import { createKeyFile, readKeyFile } from '../keys/key-file.ts';

/** Days before the first start on which the sandbox's parties registered: their probation is over. */
const ageDays = 240;
const dayMs = 86_400_000;

/**
 * What everything in a sandbox is derived from. A setup that was killed runs again from its beginning, with the same
 * keys, codes and statements, and what is there already answers as it did: nothing is made twice.
 */
export class SandboxSeed {
  readonly #seed: Uint8Array;
  readonly bornAt: Date;

  constructor(seed: Uint8Array, bornAt: Date) {
    this.#seed = seed;
    this.bornAt = bornAt;
  }

  /** 32 bytes for one purpose, always the same. */
  bytes(label: string): Uint8Array {
    return new Uint8Array(hkdfSync('sha256', this.#seed, '', `recourse/sandbox/${label}`, 32));
  }

  text(label: string): string {
    return toBase64url(this.bytes(label));
  }

  id<P extends IdPrefix>(prefix: P, label: string, now: Date): Id<P> {
    return newId(prefix, { now, random: (size) => this.bytes(label).slice(0, size) });
  }

  async key(label: string): Promise<{ privateJwk: PrivateJwk; signer: Signer }> {
    const privateJwk = ed25519(this.bytes(`key/${label}`));
    return { privateJwk, signer: await signerFromJwk(privateJwk) };
  }

  /** Days from the birth of the sandbox. */
  day(days: number): Date {
    return new Date(this.bornAt.getTime() + days * dayMs);
  }

  /** Days before its first start. */
  daysAgo(days: number): Date {
    return this.day(ageDays - days);
  }
}

/** The seed of a data directory, made at its first start. */
export function loadSandboxSeed(dataDir: string): SandboxSeed {
  const file = { path: join(dataDir, 'sandbox.seed'), what: 'the seed of the sandbox' };
  const text = readKeyFile(file) ?? createKeyFile(file, newSeed());
  const [seed = '', born = ''] = text.split(' ');
  const bornAt = new Date(born);
  if (Number.isNaN(bornAt.getTime())) {
    throw new ServerError(
      'key_invalid',
      `${file.path} is damaged: remove ${dataDir} to begin a new sandbox.`,
    );
  }
  return new SandboxSeed(fromBase64url(seed), bornAt);
}

function newSeed(): string {
  const seconds = Math.floor(Date.now() / 1000) * 1000;
  return `${toBase64url(randomBytes(32))} ${new Date(seconds - ageDays * dayMs).toISOString()}`;
}

/** The key of a 32-byte secret (RFC 8032), by its PKCS #8 form (RFC 8410). */
function ed25519(secret: Uint8Array): PrivateJwk {
  const prefix = Buffer.from('302e020100300506032b657004220420', 'hex');
  const der = Buffer.concat([prefix, secret]);
  const { x, d } = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }).export({
    format: 'jwk',
  });
  if (x === undefined || d === undefined)
    throw new ServerError('sandbox_failed', 'No key was made.');
  return { kty: 'OKP', crv: 'Ed25519', x, d };
}
