import type { BetterAuthPlugin } from 'better-auth';
import { createAuthEndpoint } from 'better-auth/api';
import { z } from 'zod';
import type { AgentOptions } from './agent.ts';
import { Checking, type Standing } from './checking.ts';
import { textOfWaiting, type Proven } from './mark.ts';
import { Users } from './users.ts';

export type { AgentOptions } from './agent.ts';
export type { Standing } from './checking.ts';

export interface RecourseOptions {
  /** The agent of the own platform */
  readonly agent: AgentOptions;
  /** Tells a person that their account is held back, at once; called once for each hold */
  readonly onHeld?: (held: { readonly userId: string }) => Promise<void> | void;
  /**
   * Seconds between two passes over what waits, 10 by default; 0 for none, where a job of your own calls
   * `auth.api.recourseSweep()`
   */
  readonly everySeconds?: number;
  /** The time, for tests */
  readonly clock?: () => Date;
}

/** No client reads or writes it. */
const field = {
  type: 'string',
  required: false,
  defaultValue: '',
  input: false,
  returned: false,
} as const;

const aboutUser = z.object({ userId: z.string() });

/**
 * Has the Recourse agent check each signup once its email address or phone number is proven, and marks the account.
 * It denies nobody: the application asks `auth.api.recourseStanding` before it publishes or pays, and holds back what is
 * `held` until somebody looked (`auth.api.recourseRelease`), for seven days at most.
 *
 * The mark stands in a field of the user that no client reads or writes. While the agent or the registry is away, signups
 * go on, and are asked about later.
 */
export function recourse(options: RecourseOptions) {
  const { everySeconds = 10, clock = () => new Date() } = options;
  let checking: Checking | undefined;
  const started = (): Checking => {
    if (!checking) throw new Error('Better Auth has not started the plugin');
    return checking;
  };
  return {
    id: 'recourse',
    schema: {
      user: {
        fields: {
          recourse: { ...field, index: false },
          recourseWaiting: { ...field, index: true },
        },
      },
    },
    init: ({ adapter, logger }) => {
      const onError = (what: string, error: unknown): void =>
        logger.warn(`recourse: ${what}: ${error instanceof Error ? error.message : 'unknown'}`);
      checking = new Checking({ users: new Users(adapter), ...options, clock, onError });
      if (everySeconds > 0) setInterval(() => void started().sweep(), everySeconds * 1000).unref();
      return { options: { databaseHooks: { user: hooksOf(started(), clock) } } };
    },
    endpoints: {
      /** How the application may treat an account */
      recourseStanding: createAuthEndpoint.serverOnly(
        { method: 'POST', body: aboutUser },
        ({ body }): Promise<Standing> => started().standingOf(body.userId),
      ),
      /** A person looked, or the record was recalled: the account is as any other */
      recourseRelease: createAuthEndpoint.serverOnly(
        { method: 'POST', body: aboutUser },
        ({ body }): Promise<void> => started().release(body.userId),
      ),
      /** Hands over what waits, and reads what was answered */
      recourseSweep: createAuthEndpoint.serverOnly({ method: 'POST' }, (): Promise<void> =>
        started().sweep(),
      ),
    },
  } satisfies BetterAuthPlugin;
}

function provenIn(changed: Record<string, unknown>): Proven | undefined {
  if (changed['phoneNumberVerified'] === true) return 'phone';
  return changed['emailVerified'] === true ? 'email' : undefined;
}

/**
 * The proof and that it has to be asked about are one statement, so that no crash comes between. What is done then, runs
 * beside the request: a signup neither waits for it nor fails with it.
 */
function hooksOf(checking: Checking, clock: () => Date) {
  const before = async (changed: Record<string, unknown>) => {
    const what = provenIn(changed);
    if (!what) return undefined;
    const recourseWaiting = textOfWaiting({ state: 'ask', at: clock(), what });
    return { data: { ...changed, recourseWaiting } };
  };
  const after = async (user: Record<string, unknown>): Promise<void> => {
    if (user['recourseWaiting']) void checking.sweep();
  };
  // OAuth, magic links and one-time codes make users who come proven; what is verified later is an update.
  return { create: { before, after }, update: { before, after } };
}
