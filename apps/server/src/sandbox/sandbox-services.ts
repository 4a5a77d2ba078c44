import type { CallHandler, CaseHandler, Services } from '@recourse/registry';
import type { ServerConfig } from '../config/config.ts';
import type { Log } from '../log.ts';
import type { Outbox } from '../proofs/outbox.ts';
import { SandboxFilling } from './fill/sandbox-filling.ts';
import { sampleCases, type SampleCase } from './sample-cases.ts';
import type { SandboxClock } from './sandbox-clock.ts';
import { SandboxPeople } from './sandbox-people.ts';
import { SandboxRegistry } from './sandbox-registry.ts';
import { loadSandboxSeed } from './sandbox-seed.ts';
import type { SandboxWitnesses } from './sandbox-witnesses.ts';

/** What only a sandbox has. */
export interface SandboxServices {
  readonly clock: SandboxClock;
  /** Where its files are, as somebody at this machine names them */
  readonly dataDir: string;
  /** None when it really sends mail */
  readonly outbox?: Outbox;
  /** The sample cases, each with the code of its notice */
  readonly cases: readonly SampleCase[];
  /** Whose desks can be opened */
  readonly people: SandboxPeople;
  /** Makes many records and appeals, once */
  readonly filling: SandboxFilling;
  /** None where another server of the data directory runs them */
  readonly witnesses?: SandboxWitnesses;
  /** Writes down what the moved clock has made due */
  settle(): Promise<void>;
}

interface SandboxParts {
  readonly services: Services;
  readonly calls: CallHandler;
  readonly acts: CaseHandler;
  readonly log: Log;
  readonly clock: SandboxClock;
  readonly logKid: string;
  readonly settle: () => Promise<void>;
  readonly outbox: Outbox | undefined;
  readonly witnesses: SandboxWitnesses | undefined;
}

/** What only a sandbox has, for its pages. */
export function sandboxServices(config: ServerConfig, parts: SandboxParts): SandboxServices {
  const { services, calls, acts, clock, logKid, settle, outbox, witnesses, log } = parts;
  const { dataDir } = config;
  const seed = loadSandboxSeed(dataDir);
  const registry = new SandboxRegistry({ services, calls, clock, seed });
  return {
    clock,
    dataDir,
    cases: sampleCases(config),
    people: new SandboxPeople({ registry, dataDir, logKid }),
    filling: new SandboxFilling({ registry, cases: acts, dataDir, settle, log }),
    settle,
    ...(outbox ? { outbox } : {}),
    ...(witnesses ? { witnesses } : {}),
  };
}
