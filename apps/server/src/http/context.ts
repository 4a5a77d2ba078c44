import type { VerifierKey } from '@recourse/ledger';
import type { HttpBindings } from '@hono/node-server';
import type { ReasonCode } from '@recourse/protocol';
import type { CallHandler, Services } from '@recourse/registry';
import type { Context } from 'hono';
import type { ServerConfig } from '../config.ts';
import type { Announcement } from '../keys/announce.ts';
import type { EpochKeys } from '../keys/epoch-keys.ts';
import type { Log } from '../log.ts';
import type { Outbox } from '../proofs/outbox.ts';
import type { SandboxClock } from '../sandbox/sandbox-clock.ts';
import type { SandboxPeople } from '../sandbox/sandbox-people.ts';
import type { SandboxWitnesses } from '../sandbox/sandbox-witnesses.ts';
import type { CaseRateLimiter } from './case-rate-limiter.ts';
import type { FailureLimits } from './failure-limits.ts';
import type { MatchTimes } from './match-times.ts';
import type { Changes } from './changes.ts';
import type { Queues } from './queues.ts';
import type { Readiness } from './readiness.ts';
import type { SourceQueue } from './source-queue.ts';

/** What only a sandbox has. */
export interface SandboxServices {
  readonly clock: SandboxClock;
  /** None when it really sends mail */
  readonly outbox?: Outbox;
  /** The sample cases, each with the code of its notice */
  readonly cases: readonly SampleCase[];
  /** Whose desks can be opened */
  readonly people: SandboxPeople;
  /** None where another server of the data directory runs them */
  readonly witnesses?: SandboxWitnesses;
  /** Writes down what the moved clock has made due */
  settle(): Promise<void>;
}

export interface SampleCase {
  readonly label: string;
  readonly platform: string;
  readonly reason: ReasonCode;
  readonly account: string;
  readonly code: string;
}

/** What the routes are composed of. */
export interface HttpServices {
  readonly config: ServerConfig;
  readonly services: Services;
  readonly calls: CallHandler;
  readonly announced: Announcement;
  readonly epochs: Pick<EpochKeys, 'published'>;
  /** Public half of the log key, which members pin */
  readonly logKey: Services['receiptSigner']['publicJwk'];
  /** The same as a key of checkpoints */
  readonly noteKey: VerifierKey;
  /** Public half of the key of prefix sets */
  readonly setKey: Services['receiptSigner']['publicJwk'];
  readonly queues: Queues;
  readonly failures: FailureLimits;
  /** When answers to `checks.match` leave */
  readonly matchTimes: MatchTimes;
  /** What this server did that public documents may show */
  readonly changes: Changes;
  /** Where creators are heard */
  readonly caseRateLimiter: CaseRateLimiter;
  /** Places of bodies of megabytes */
  readonly largeBodies: SourceQueue;
  readonly log: Log;
  readonly sandbox?: SandboxServices;
  readonly readiness: Readiness;
}

export interface HttpEnv {
  Bindings: HttpBindings;
}
export type HttpContext = Context<HttpEnv>;

/** The request target as it came: nothing decoded, nothing normalised. */
export const rawTarget = (c: HttpContext): string => c.env.incoming.url ?? '/';
