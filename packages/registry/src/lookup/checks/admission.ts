import { Problem } from '@recourse/protocol';
import type { CallContext } from '../../context/context.ts';

/**
 * Whether this caller may check at all, under these epochs, before any work is done for it.
 * @throws Problem `checks-stopped`, `unknown-epoch`
 */
export function assertMayCheck(ctx: CallContext, epochs: readonly number[]): void {
  if (ctx.caller.checksStopped) throw new Problem('checks-stopped');
  const live = new Set(ctx.services.tokens.epochs().map(({ epoch }) => epoch));
  if (!epochs.every((epoch) => live.has(epoch))) throw new Problem('unknown-epoch');
}
