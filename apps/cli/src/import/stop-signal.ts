import { exitCodes } from '../exit-code.ts';

/** Aborted by the first Ctrl-C or SIGTERM; the second ends the process at once. */
export function stopSignal(note: (text: string) => void): {
  readonly signal: AbortSignal;
  dispose(): void;
} {
  const controller = new AbortController();
  const stop = (): void => {
    if (controller.signal.aborted) process.exit(exitCodes.interrupted);
    note('\nStopping when the records in flight are answered; Ctrl-C again stops at once.');
    controller.abort();
  };
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, stop);
  return {
    signal: controller.signal,
    dispose: () => {
      for (const name of ['SIGINT', 'SIGTERM'] as const) process.off(name, stop);
    },
  };
}
