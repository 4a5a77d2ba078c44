import type { CallContext } from '../../context/context.ts';
import { epochsAt, type LiveEpochs } from '../../context/live-epochs.ts';
import { refusal } from '../../kernel/refusal.ts';

export function liveIn({ services, now }: CallContext): LiveEpochs {
  const live = epochsAt(services.tokens.epochs(), now);
  if (!live) throw refusal('unknown-epoch', 'update.epoch', 'none-live');
  return live;
}
