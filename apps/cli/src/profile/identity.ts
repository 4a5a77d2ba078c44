import type { PrivateJwk, Signer } from '@recourse/protocol';
import {
  connect,
  type ConnectOptions,
  type PinStore,
  type Recourse,
  type Signers,
} from '@recourse/sdk';
import { fileJournal, fileSealingKeys, fileSets } from '@recourse/sdk/node';
import { z } from 'zod';
import { CliError } from '../errors.ts';
import { fileExists, readPrivateFile, replacePrivateFile } from './private-file.ts';

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
  /** Folder of a reviewer's keys that evidence is sealed to, one for each assignment */
  readonly sealingKeys: string;
  /** Folder of the prefix sets, one for each epoch */
  readonly prefixSets: string;
  /** Folder of what opens the evidence of the party's records */
  readonly journal: string;
}

export function connectAs(identity: Identity, options: Partial<ConnectOptions> = {}): Recourse {
  const { origin, url, logKid, party, keys, pins, sealingKeys, prefixSets, journal } = identity;
  return connect({
    registry: { origin, logKid, url },
    party,
    pins,
    sealingKeys: fileSealingKeys(sealingKeys),
    setStore: fileSets(prefixSets),
    journal: fileJournal(journal),
    signers: {
      service: keys.service?.signer,
      trust: keys.trust?.signer,
      support: keys.support?.signer,
      reviewer: keys.reviewer?.signer,
      operator: keys.operator?.signer,
      admin: keys.admin?.signer,
    },
    ...options,
  });
}

const pinsSchema = z.record(z.string(), z.string());

/** Keeps what was seen first beside the config file, so that a registry cannot exchange it between two commands. */
export function filePins(path: string, origin: string): PinStore {
  const nameIn = (name: string): string => `${origin} ${name}`;
  const load = (): Record<string, string> => {
    if (!fileExists(path)) return {};
    const text = readPrivateFile(path);
    try {
      return pinsSchema.parse(JSON.parse(text));
    } catch {
      throw damaged(path);
    }
  };
  return {
    get: (name) => load()[nameIn(name)],
    set: (name, value) => {
      const pins = { ...load(), [nameIn(name)]: value };
      replacePrivateFile(path, `${JSON.stringify(pins, null, 2)}\n`);
    },
  };
}

const damaged = (path: string): CliError =>
  new CliError('config-invalid', {
    message: `${path} is damaged: it keeps which keys were seen first.`,
    next: 'Restore it. Without it the keys that the registry shows next would be trusted anew.',
  });
