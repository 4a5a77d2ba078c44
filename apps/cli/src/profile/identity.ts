import type { PrivateJwk, Signer } from '@recourse/protocol';
import {
  connect,
  type ConnectOptions,
  type PinStore,
  type Recourse,
  type Signers,
} from '@recourse/sdk';
import { fileSealingKeys, fileSets } from '@recourse/sdk/node';

/** As whom a command acts, with the keys it may sign with. */
export interface Identity {
  readonly origin: string;
  readonly url: string;
  readonly logKid: string;
  /** Fingerprint of the pinned witness policy */
  readonly policy: string;
  readonly party: string;
  readonly keys: Readonly<
    Partial<Record<keyof Signers, { signer: Signer; privateJwk: PrivateJwk }>>
  >;
  readonly pins: PinStore | undefined;
  /** Folder of a reviewer's keys that evidence is sealed to, one for each claim */
  readonly sealingKeys: string;
  /** Folder of the prefix sets, one for each epoch */
  readonly prefixSets: string;
}

export function connectAs(identity: Identity, more: Partial<ConnectOptions> = {}): Recourse {
  const { origin, url, logKid, party, keys, pins, sealingKeys, prefixSets } = identity;
  return connect({
    registry: { origin, logKid, url },
    party,
    pins,
    sealingKeys: fileSealingKeys(sealingKeys),
    setStore: fileSets(prefixSets),
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
