import type { Operations } from '../operations.ts';
import type { Session } from '../session.ts';
import { followSets, renewLive, type FollowOptions } from './follow-sets.ts';
import type { SetState } from './prefix-sets.ts';

/** The local list in which a hit means: ask. One for each live epoch; none with `always-match`. */
export type Prefixes = Operations['prefixes'] & {
  /**
   * Brings every set to its newest version, verified. Checks do it by themselves when there is no fresh one.
   * @throws RecourseError `set-invalid`, `not-logged`, and what a call throws
   */
  renew(): Promise<SetState[]>;
  /** Renews until the signal aborts, so that no check waits for it. */
  follow(options: FollowOptions): Promise<void>;
  /** What is held, without asking anybody but for the live epochs. */
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
