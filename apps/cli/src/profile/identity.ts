import type { PrivateJwk, Signer } from '@recourse/protocol';
import {
  connect,
  type ConnectOptions,
  type PinStore,
  type Recourse,
  type Signers,
} from '@recourse/sdk';

/** As whom a command acts, with the keys it may sign with. */
export interface Identity {
  readonly origin: string;
  readonly url: string;
  readonly logKid: string;
  readonly party: string;
  readonly keys: Readonly<
    Partial<Record<keyof Signers, { signer: Signer; privateJwk: PrivateJwk }>>
  >;
  readonly pins: PinStore | undefined;
}

export function connectAs(identity: Identity, more: Partial<ConnectOptions> = {}): Recourse {
  const { origin, url, logKid, party, keys, pins } = identity;
  return connect({
    registry: { origin, logKid, url },
    party,
    pins,
    signers: {
      service: keys.service?.signer,
      trust: keys.trust?.signer,
      reviewer: keys.reviewer?.signer,
      operator: keys.operator?.signer,
      admin: keys.admin?.signer,
    },
    ...more,
  });
}
