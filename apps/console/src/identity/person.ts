import type { PublicJwk, Role } from '@recourse/protocol';
import type { OpenKeys, WrappedKeys } from './wrapped-keys.ts';

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
  /** None while the desk is locked */
  readonly open?: OpenKeys | undefined;
}

export type OpenPerson = Person & { readonly open: OpenKeys };

export const isOpen = (person: Person | undefined): person is OpenPerson =>
  person?.open !== undefined;

/** Without the keys that sign and open: only what the passphrase sealed stays. */
export function lockedForm(person: Person): Person {
  const { open: _open, ...rest } = person;
  return rest;
}
