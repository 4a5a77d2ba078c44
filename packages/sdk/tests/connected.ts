import type { Signer } from '@recourse/protocol';
import { connect, type ConnectOptions, type Recourse } from '../src/index.ts';
import { RecourseError } from '../src/errors.ts';
import { FakeRegistry, now, origin, platformA } from './fake-registry.ts';

export interface ConnectedClients {
  readonly registry: FakeRegistry;
  readonly admin: Signer;
  readonly trust: Signer;
  readonly service: Signer;
  readonly waits: number[];
  readonly recourse: Recourse;
  connectAgain(options?: Partial<ConnectOptions>): Recourse;
}

/** A platform with an admin, a trust and a service key, connected to a fake registry. */
export async function connected(options: Partial<ConnectOptions> = {}): Promise<ConnectedClients> {
  const registry = await FakeRegistry.start();
  const admin = await registry.addParty(platformA);
  const trust = await registry.addKey(platformA, { by: admin, role: 'trust' });
  const service = await registry.addKey(platformA, { by: admin, role: 'service' });
  const waits: number[] = [];
  const connectAgain = (more: Partial<ConnectOptions> = {}): Recourse =>
    connect({
      registry: { origin, logKid: registry.logSigner.kid },
      party: platformA,
      signers: { service, trust, admin },
      fetch: registry.fetch,
      clock: () => now,
      sleep: async (milliseconds) => void waits.push(milliseconds),
      ...options,
      ...more,
    });
  return { registry, admin, trust, service, waits, recourse: connectAgain(), connectAgain };
}

/** Names of the calls that a registry received, in their order. */
export const opsOf = ({ received }: FakeRegistry): string[] =>
  received.map(({ payload }) => payload.op);

/** Runs what must be refused, and returns the code. */
export async function codeOf(run: () => Promise<unknown>): Promise<string> {
  try {
    await run();
  } catch (error) {
    if (error instanceof RecourseError) return error.code;
    throw error;
  }
  return 'nothing thrown';
}

export function first<T>(list: readonly T[]): T {
  const [item] = list;
  if (item === undefined) throw new Error('an empty list');
  return item;
}
