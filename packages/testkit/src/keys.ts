import {
  generateKey,
  newId,
  signCompact,
  signerFromJwk,
  toNumericDate,
  type PartyId,
  type PrivateJwk,
  type Role,
  type Signer,
  type IdPrefix,
} from '@recourse/protocol';
import { randomBytes } from 'node:crypto';

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
}

export const testId = <P extends IdPrefix>(prefix: P, now: Date) =>
  newId(prefix, { now, random: (size) => randomBytes(size) });

/** A first admin key: it states itself, as an enrolment does. */
export async function enrolmentKey(options: NewKey): Promise<TestKey> {
  const { audience, role, admin, now, party } = options;
  const privateJwk = await generateKey();
  const signer = await signerFromJwk(privateJwk);
  const statement = await signCompact(signer, 'recourse-enrol+jwt', {
    aud: audience,
    role,
    admin,
    use: 'sig',
    jwk: signer.publicJwk,
    iat: toNumericDate(now),
    invite: randomBytes(32).toString('base64url'),
  });
  const holder = options.holder ?? testId('hld', now);
  return { party, holder, role, admin, kid: signer.kid, privateJwk, signer, statement };
}

/** A further key, stated by an admin key of the party. */
export async function addedKey(options: NewKey & { by: TestKey }): Promise<TestKey> {
  const { audience, role, admin, now, party } = options;
  const privateJwk = await generateKey();
  const signer = await signerFromJwk(privateJwk);
  const holder = options.holder ?? testId('hld', now);
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
