import { signerFromCryptoKey } from '@recourse/protocol';
import { connect, type ConnectOptions, type Recourse } from '@recourse/sdk';
import type { OpenPerson } from '../identity/person.ts';
import { now } from '../identity/clock.ts';
import { ledgerStoreOf, pinsOf, sealingKeysOf, setStoreOf } from './stores.ts';

/**
 * The registry as this person uses it. Everything is asked of whoever served the desk: the registry itself, or an agent
 * that passes calls on. What is signed is addressed to the registry of the invite.
 */
export function connectAs(person: OpenPerson, options: Partial<ConnectOptions> = {}): Recourse {
  const signer = signerFromCryptoKey(person.open.signing, person.publicJwk);
  return connect({
    registry: { ...person.registry, url: location.origin },
    party: person.party,
    signers: { [person.role]: signer, ...(person.admin ? { admin: signer } : {}) },
    pins: pinsOf(person),
    ledgerStore: ledgerStoreOf(person),
    setStore: setStoreOf(person),
    sealingKeys: sealingKeysOf(person),
    clock: now,
    ...options,
  });
}

let current:
  | { readonly kid: string; readonly keys: unknown; readonly recourse: Recourse }
  | undefined;

/** One connection for all that a tab asks as one person; a lock ends it. */
export function connectionOf(person: OpenPerson): Recourse {
  if (current?.kid !== person.kid || current.keys !== person.open) {
    current = { kid: person.kid, keys: person.open, recourse: connectAs(person) };
  }
  return current.recourse;
}
