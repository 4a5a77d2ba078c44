import type { HttpBindings } from '@hono/node-server';
import type { CallHandler, Services } from '@recourse/registry';
import type { Context } from 'hono';
import type { ServerConfig } from '../config.ts';
import type { Announced } from '../keys/announce.ts';
import type { Log } from '../log.ts';
import type { SandboxClock } from '../sandbox/sandbox-clock.ts';
import type { Admission } from './admission.ts';
import type { SourceLimits } from './source-limits.ts';

/** What the routes are composed of. */
export interface HttpServices {
  readonly config: ServerConfig;
  readonly services: Services;
  readonly calls: CallHandler;
  readonly announced: Announced;
  /** Public half of the log key, which members pin */
  readonly logKey: Services['receiptSigner']['publicJwk'];
  readonly admission: Admission;
  readonly sources: SourceLimits;
  readonly log: Log;
  /** Only a sandbox's clock can be moved */
  readonly clock?: SandboxClock;
  /** False from the moment the process is told to stop */
  isOpen(): boolean;
}

export interface HttpEnv {
  Bindings: HttpBindings;
}
export type HttpContext = Context<HttpEnv>;

/** The request target as it came: nothing decoded, nothing normalised. */
export const rawTarget = (c: HttpContext): string => c.env.incoming.url ?? '/';
