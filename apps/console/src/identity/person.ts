import type { PublicJwk, Role } from '@recourse/protocol';
import type { OpenKeys, SealedKeys, WrappedKeys } from './wrapped-keys.ts';

/** One enrolled person in this browser. */
export interface Person {
  readonly kid: string;
  readonly publicJwk: PublicJwk;
  readonly party: string;
  readonly holder: string;
  readonly role: Role;
  readonly admin: boolean;
  /** A name that stays in this browser */
  readonly label: string;
  readonly registry: { readonly origin: string; readonly logKid: string; readonly policy: string };
  /** `inviteKey` of the invite, so that its link opens the desk again */
  readonly invite: string;
  readonly wrapped: WrappedKeys;
  /** A second way to unlock, in this browser alone */
  readonly passkey?: Passkey | undefined;
  /** None while the desk is locked */
  readonly open?: OpenKeys | undefined;
}

/**
 * How a passkey unlocks a person: the keys, sealed with a key that comes from what the authenticator computes of the salt
 * (WebAuthn Level 3, section 10.1.4, PRF). No server is asked: who cannot compute it opens nothing.
 */
export interface Passkey extends SealedKeys {
  /** Its credential id, base64url */
  readonly credential: string;
  /** 32 bytes, base64url */
  readonly salt: string;
}

export type OpenPerson = Person & { readonly open: OpenKeys };

export const isOpen = (person: Person | undefined): person is OpenPerson =>
  person?.open !== undefined;

/** Without the keys that sign and open: only what is sealed stays. */
export function lockedForm(person: Person): Person {
  const { open: _open, ...rest } = person;
  return rest;
}
