import { createHash, createPrivateKey, randomBytes } from 'node:crypto';
import {
  newId,
  signCompact,
  signerFromJwk,
  toBase64url,
  toNumericDate,
  type PartyId,
  type PrivateJwk,
  type Role,
  type Signer,
  type IdPrefix,
} from '@recourse/protocol';

/** Bytes that keys and ids are made of: random, unless a test wants the same in every run. */
export type Draw = (size: number) => Uint8Array;

/** The same bytes in every run, as often as it is asked. */
export function steadyDraw(label: string): Draw {
  let drawn = 0;
  return (size) =>
    createHash('shake256', { outputLength: size }).update(`${label} ${drawn++}`).digest();
}

/** A key of a seeded party, with everything a test signs with it. */
export interface TestKey {
  readonly party: PartyId;
  readonly holder: string;
  readonly role: Role;
  readonly admin: boolean;
  readonly kid: string;
  readonly privateJwk: PrivateJwk;
  readonly signer: Signer;
  /** `recourse-enrol+jwt` or `recourse-key+jwt` */
  readonly statement: string;
}

interface NewKey {
  readonly party: PartyId;
  readonly role: Role;
  readonly admin: boolean;
  readonly holder?: string;
  readonly audience: string;
  readonly now: Date;
  readonly draw?: Draw;
}

export const testId = <P extends IdPrefix>(prefix: P, now: Date, draw: Draw = randomBytes) =>
  newId(prefix, { now, random: draw });

const ed25519Pkcs8 = Buffer.from('302e020100300506032b657004220420', 'hex');

/** An Ed25519 key by RFC 8410, of 32 bytes. */
function keyOf(seed: Uint8Array): PrivateJwk {
  const key = Buffer.concat([ed25519Pkcs8, seed]);
  const { x, d } = createPrivateKey({ key, format: 'der', type: 'pkcs8' }).export({
    format: 'jwk',
  });
  if (x === undefined || d === undefined) throw new Error('no Ed25519 key');
  return { kty: 'OKP', crv: 'Ed25519', x, d };
}

/** A first admin key: it states itself, as an enrolment does. */
export async function enrolmentKey(options: NewKey): Promise<TestKey> {
  const { audience, role, admin, now, party, draw = randomBytes } = options;
  const privateJwk = keyOf(draw(32));
  const signer = await signerFromJwk(privateJwk);
  const statement = await signCompact(signer, 'recourse-enrol+jwt', {
    aud: audience,
    role,
    admin,
    use: 'sig',
    jwk: signer.publicJwk,
    iat: toNumericDate(now),
    invite: toBase64url(draw(32)),
  });
  const holder = options.holder ?? testId('hld', now, draw);
  return { party, holder, role, admin, kid: signer.kid, privateJwk, signer, statement };
}

/** A further key, stated by an admin key of the party. */
export async function addedKey(options: NewKey & { by: TestKey }): Promise<TestKey> {
  const { audience, role, admin, now, party, draw = randomBytes } = options;
  const privateJwk = keyOf(draw(32));
  const signer = await signerFromJwk(privateJwk);
  const holder = options.holder ?? testId('hld', now, draw);
  const statement = await signCompact(options.by.signer, 'recourse-key+jwt', {
    aud: audience,
    party,
    holder,
    role,
    admin,
    use: 'sig',
    jwk: signer.publicJwk,
    iat: toNumericDate(now),
  });
  return { party, holder, role, admin, kid: signer.kid, privateJwk, signer, statement };
}
