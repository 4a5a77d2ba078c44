import { setTimeout as sleep } from 'node:timers/promises';
import type { ServerConfig } from './config/config.ts';
import { isPassing } from './database.ts';
import { ServerError } from './errors.ts';
import type { WaitingRoom } from './http/waiting-room.ts';
import type { Log } from './log.ts';

const tryEveryMs = 1_000;
const sayEveryMs = 10_000;

export interface StartingServer {
  readonly config: Pick<ServerConfig, 'startWaitSeconds'>;
  readonly log: Pick<Log, 'warn'>;
  readonly room: Pick<WaitingRoom, 'waitsFor'>;
  /** That somebody told it to stop */
  readonly signal: AbortSignal;
}

/**
 * Starts again and again while what is missing may come back by itself: a PostgreSQL that fails over, a folder that is not
 * mounted yet. An attempt that failed has ended what it opened, so that nothing is held meanwhile.
 * @throws what the last attempt threw, once the time is over; at once where waiting would not help
 */
export async function untilStarted<T>(
  attempt: () => Promise<T>,
  { config, log, room, signal }: StartingServer,
): Promise<T> {
  const until = performance.now() + config.startWaitSeconds * 1_000;
  let last = { line: '', at: -Infinity };
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      const left = until - performance.now();
      const awaited = awaitedBy(error);
      if (awaited === undefined || left <= 0 || signal.aborted) throw error;
      const { line } = awaited;
      if (line !== last.line || performance.now() - last.at >= sayEveryMs) {
        log.warn(`WAITING for at most ${Math.ceil(left / 1_000)} s more. ${line}`);
        last = { line, at: performance.now() };
      }
      room.waitsFor(awaited.text);
      await sleep(tryEveryMs, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) throw error;
    }
  }
}

/** @returns what the log and `/readyz` say: of hosts and folders the log alone */
function awaitedBy(error: unknown): { line: string; text: string } | undefined {
  if (isPassing(error)) {
    const line =
      error instanceof ServerError ? error.message : 'PostgreSQL went while the server started.';
    return { line, text: textOf('PostgreSQL') };
  }
  if (error instanceof ServerError && error.code === 'checkpoints_dir_unusable')
    return { line: error.message, text: textOf('the folder in RECOURSE_CHECKPOINTS_DIR') };
  return undefined;
}

const textOf = (awaited: string): string =>
  `The server starts, and waits for ${awaited}. The lines WAITING of the server log say what fails.`;
