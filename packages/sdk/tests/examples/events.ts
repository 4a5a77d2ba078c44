import { connect, type ConnectOptions } from '@recourse/sdk';
import { eventLoop, type EventLoopOptions } from '@recourse/sdk/events';

/** Hears of reversals within seconds. What it did not finish comes again, so `undo` may run twice. */
export function listen(
  options: ConnectOptions,
  undo: (sanction: string) => Promise<void>,
  { signal, onError }: Pick<EventLoopOptions, 'signal' | 'onError'>,
): Promise<void> {
  return eventLoop(connect(options).session, {
    handle: async ({ sanction, body }) => {
      if (body.recall?.kind === 'undo') await undo(sanction);
    },
    signal,
    intervalSeconds: 30,
    onError,
  });
}
