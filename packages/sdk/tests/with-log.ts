import {
  fromBase64url,
  peekArtefact,
  policyFingerprint,
  receiptGroupOf,
  receiptGroupSchema,
  toWitnessPolicy,
  type CallPayload,
  type LoggedWitnessPolicy,
  majorityOf,
  type Entry,
} from '@recourse/protocol';
import { type NoteSigner, encodeVerifierKey } from '@recourse/ledger';
import { onTestFinished } from 'vitest';
import {
  connect,
  memoryPins,
  type ConnectOptions,
  type PinStore,
  type Recourse,
} from '../src/index.ts';
import type { Fetch } from '../src/transport/post.ts';
import { connected, type ConnectedClients } from './connected.ts';
import { FakeLog, logName, noteSigner } from './fake-log.ts';
import { now, origin, platformA, newSigner, platformB } from './fake-registry.ts';

export interface WithLog extends Omit<ConnectedClients, 'recourse'> {
  readonly log: FakeLog;
  readonly witnesses: readonly NoteSigner[];
  readonly policy: LoggedWitnessPolicy;
  /** Entries that the registry logs of its calls; set it to false, and it only promises them */
  keepsPromises: boolean;
  /** Moves the clock of everybody */
  advance(seconds: number): void;
  /** Of a connection that pins log key and policy */
  readonly options: ConnectOptions;
  connect(options?: Partial<ConnectOptions>): Recourse;
  /** What a third party believes who knows the log key and a policy */
  believed(policy?: LoggedWitnessPolicy): ReturnType<typeof toWitnessPolicy>;
}

/** A registry whose log is cosigned by two of three witnesses, served over a socket. */
export async function withLog(): Promise<WithLog> {
  const at = await connected();
  const { registry } = at;
  const log = new FakeLog(noteSigner(registry.logSigner, { name: logName, type: 'ed25519' }));
  const witnesses = await Promise.all(
    ['a', 'b', 'c'].map((name) => newWitness(`w.example/${name}`)),
  );
  const policy = policyOf(witnesses);
  log.cosigners = witnesses.slice(0, 2);
  log.log(policyEntry(policy));
  registry.policies.push(policyEntry(policy));
  const url = await log.start();
  onTestFinished(() => log.stop());
  let time = now.getTime();
  const clock = (): Date => new Date(time);
  registry.clock = clock;
  log.clock = clock;
  registry.handlers.set('sanctions.list', () => ({ result: { sanctions: [] } }));
  const fetch: Fetch = async (to, init) => {
    const path = to.slice(origin.length);
    if (path.startsWith('/ledger/')) return globalThis.fetch(`${url}${path}`, init);
    const answer = await registry.fetch(to, init);
    const receipt = answer.headers.get('recourse-receipt');
    if (receipt !== null && made.keepsPromises) log.add(fromBase64url(entryIn(receipt)));
    return answer;
  };
  const fingerprint = policyFingerprint(policy);
  const options: ConnectOptions = {
    registry: { origin, logKid: registry.logSigner.kid, policy: fingerprint },
    party: platformA,
    signers: { service: at.service },
    fetch,
    // That announcements are logged is tried elsewhere: here the log begins with what a test puts there.
    pins: provenAlready(),
    clock,
    sleep: async (milliseconds) => {
      time += milliseconds;
    },
  };
  const made: WithLog = {
    ...at,
    log,
    witnesses,
    policy,
    keepsPromises: true,
    advance: (seconds) => {
      time += seconds * 1000;
    },
    options,
    connect: (more = {}) => connect({ ...options, ...more }),
    believed: (known = policy) => toWitnessPolicy(log.signer.key, known),
  };
  return made;
}

function provenAlready(): PinStore {
  const pins = memoryPins();
  return { ...pins, get: (name) => (name.startsWith('logged:') ? 'proven' : pins.get(name)) };
}

/** What each call showed of the ledger. */
export const checkpointsIn = ({ registry }: Pick<WithLog, 'registry'>): CallPayload['cp'][] =>
  registry.received.map(({ payload }) => payload.cp);

const entryIn = (receipt: string): string =>
  peekArtefact(receiptGroupOf(receipt), {
    typ: 'recourse-receipt+jwt',
    schema: receiptGroupSchema,
  }).payload.entry;

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
