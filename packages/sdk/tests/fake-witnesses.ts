import { encodeVerifierKey, type NoteSigner } from '@recourse/ledger';
import { majorityOf, type Entry, type LoggedWitnessPolicy } from '@recourse/protocol';
import { noteSigner } from './fake-log.ts';
import { newSigner, platformB } from './fake-registry.ts';

export const newWitness = async (name: string): Promise<NoteSigner> =>
  noteSigner(await newSigner(), { name, type: 'cosignature' });

export const policyOf = (witnesses: readonly NoteSigner[]): LoggedWitnessPolicy => ({
  threshold: majorityOf(witnesses.length),
  witnesses: witnesses.map(({ key }, i) => ({
    party: `${platformB.slice(0, -1)}${i}` as typeof platformB,
    key: encodeVerifierKey(key),
  })),
});

export const policyEntry = (policy: LoggedWitnessPolicy, at = '2026-01-01T00:00:00Z'): Entry => ({
  v: 1,
  type: 'witness-policy',
  at,
  detail: policy,
});
