import {
  signCompact,
  toNumericDate,
  type Id,
  type KeyStatement,
  type OpOutput,
  type PublicJwk,
  type Role,
} from '@recourse/protocol';
import type { Session } from '../session/session.ts';
import { needSigner } from '../signers.ts';
import type { CallOptions } from '../transport/transport.ts';

/** A key to put under the own party's chain, as its enrolment (`keys.list`, `waiting`) shows it. */
export interface NewKey {
  /** The public key */
  readonly jwk: PublicJwk;

  /** The person or service that holds it */
  readonly holder: Id<'hld'>;

  /** Role that it may sign for */
  readonly role: Role;

  /** Whether it adds and revokes keys */
  readonly admin: boolean;
  /** `recourse-enrol+jwt`, if no enrolment of this key waits at the registry */
  readonly enrolment?: string | undefined;
}

/**
 * Signs `recourse-key+jwt` with the admin key and adds the key. First compare the key's thumbprint with the holder's
 * own screen: from now on the key signs for the party.
 */
export async function addKey(
  session: Session,
  key: NewKey,
  options?: CallOptions,
): Promise<OpOutput<'keys.add'>> {
  const { jwk, holder, role, admin, enrolment } = key;
  const payload: KeyStatement = {
    aud: session.origin,
    party: session.party,
    holder,
    role,
    admin,
    use: 'sig',
    jwk,
    iat: toNumericDate(session.transport.now()),
  };
  const signer = needSigner(session.signers, 'admin');
  const statement = await signCompact(signer, 'recourse-key+jwt', payload);
  const input = { statement, ...(enrolment === undefined ? {} : { enrolment }) };
  return (await session.transport.send('keys.add', input, options)).result;
}
