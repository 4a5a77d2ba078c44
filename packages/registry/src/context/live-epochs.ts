import type { CallContext, TokenEpoch } from './context.ts';
import { refusal } from '../kernel/refusal.ts';

/** The live epochs, each by its use. */
export interface LiveEpochs {
  /** Records are made and compared under it: every live record has its tokens */
  readonly records: number;
  /** Records are given its tokens while both are live; the same where one is */
  readonly newest: number;
}

/** While two are live, records are made under the older one. None where no epoch is live. */
export function epochsAt(epochs: readonly TokenEpoch[], now: Date): LiveEpochs | undefined {
  const live = epochs
    .filter(({ opensAt, closesAt }) => opensAt <= now && (!closesAt || closesAt > now))
    .map(({ epoch }) => epoch);
  return live.length === 0 ? undefined : { records: Math.min(...live), newest: Math.max(...live) };
}

export function liveIn({ services, now }: CallContext): LiveEpochs {
  const live = epochsAt(services.tokens.epochs(), now);
  if (!live) throw refusal('unknown-epoch', 'update.epoch', 'none-live');
  return live;
}
