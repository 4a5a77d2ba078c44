import type { Log } from '../log.ts';
import { EpochKeys } from './epoch-keys.ts';

/** Between two looks at what other servers announced; an epoch is announced a day before it opens. */
const refreshMs = 10_000;

export interface OpenEpochs {
  readonly keys: EpochKeys;
  stop(): Promise<void>;
}

/**
 * Reads epochs and secrets at a start, which a wrong or missing one stops, and again while the server runs: then a
 * missing one is told to the operator, and its epoch is not answered here.
 * @throws ServerError `key_missing`, `key_invalid`, `key_mismatch`
 */
export async function openEpochs({
  log,
  ...options
}: ConstructorParameters<typeof EpochKeys>[0] & { readonly log: Log }): Promise<OpenEpochs> {
  const keys = new EpochKeys(options);
  await keys.refresh();
  let running: Promise<void> | undefined;
  const refresh = async (): Promise<void> => {
    await keys.refresh().catch((error: unknown) => log.fault('epochs', error));
    running = undefined;
  };
  const timer = setInterval(() => {
    running ??= refresh();
  }, refreshMs);
  timer.unref();
  return {
    keys,
    stop: async () => {
      clearInterval(timer);
      await running;
    },
  };
}
