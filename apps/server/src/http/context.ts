import type { VerifierKey } from '@recourse/ledger';
import type { HttpBindings } from '@hono/node-server';
import type { CallHandler, Services } from '@recourse/registry';
import type { Context } from 'hono';
import type { ServerConfig } from '../config/config.ts';
import type { Announcement } from '../keys/announce.ts';
import type { EpochKeys } from '../keys/epoch-keys.ts';
import type { Log } from '../log.ts';
import type { SandboxServices } from '../sandbox/sandbox-services.ts';
import type { CaseRateLimiter } from './case-rate-limiter.ts';
import type { FailureLimits } from './failure-limits.ts';
import type { MatchTimes } from './match-times.ts';
import type { Changes } from './changes.ts';
import type { Queues } from './queues.ts';
import type { Readiness } from './readiness.ts';
import type { SourceQueue } from './source-queue.ts';

/** Services that the routes are composed of. */
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
  /** Changes by this server that public documents may show */
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
