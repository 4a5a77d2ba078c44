import type { Operations } from '../operations.ts';
import type { Session } from '../session/session.ts';
import { followSets, renewLive, type FollowOptions } from './follow-sets.ts';
import type { SetState } from './prefix-sets.ts';

/**
 * The prefix sets: local lists in which a hit means to ask the registry. One for each live epoch; none with
 * `always-match`.
 */
export type Prefixes = Operations['prefixes'] & {
  /**
   * Brings every set to its newest version, verified. A check does this itself if it has no fresh set.
   * @throws RecourseError `set-invalid`, `not-logged`, and the errors of a call
   */
  renew(): Promise<SetState[]>;
  /** Renews until the signal aborts, so that no check waits for it. */
  follow(options: FollowOptions): Promise<void>;
  /** The state of the held sets. Asks the registry only for the live epochs. */
  state(): Promise<SetState[]>;
};

export function prefixesOver(session: Session, operations: Operations['prefixes']): Prefixes {
  const state = async (): Promise<SetState[]> => {
    const { prefixes, registry } = session;
    if (!prefixes) return [];
    return (await registry.epochs()).map(({ epoch }) => prefixes.state(epoch));
  };
  return {
    ...operations,
    renew: async () => {
      await renewLive(session);
      return state();
    },
    follow: (options) => followSets(session, options),
    state,
  };
}
