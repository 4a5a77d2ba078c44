import type { CallHandler, Services } from '@recourse/registry';
import type { ServerConfig } from '../config.ts';
import type { SandboxServices } from '../http/context.ts';
import type { Outbox } from '../proofs/outbox.ts';
import { sampleCases } from './sample-cases.ts';
import type { SandboxClock } from './sandbox-clock.ts';
import { SandboxPeople } from './sandbox-people.ts';
import { SandboxRegistry } from './sandbox-registry.ts';
import { loadSandboxSeed } from './sandbox-seed.ts';
import type { SandboxWitnesses } from './sandbox-witnesses.ts';

interface SandboxParts {
  readonly services: Services;
  readonly calls: CallHandler;
  readonly clock: SandboxClock;
  readonly logKid: string;
  readonly settle: () => Promise<void>;
  readonly outbox: Outbox | undefined;
  readonly witnesses: SandboxWitnesses | undefined;
}

/** What only a sandbox has, for its pages. */
export function sandboxServices(config: ServerConfig, of: SandboxParts): SandboxServices {
  const { services, calls, clock, logKid, settle, outbox, witnesses } = of;
  const { dataDir } = config;
  const seed = loadSandboxSeed(dataDir);
  const registry = new SandboxRegistry({ services, calls, clock, seed });
  return {
    clock,
    cases: sampleCases(config),
    people: new SandboxPeople({ registry, dataDir, logKid }),
    settle,
    ...(outbox ? { outbox } : {}),
    ...(witnesses ? { witnesses } : {}),
  };
}
