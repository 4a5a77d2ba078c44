import { setTimeout as sleep } from 'node:timers/promises';
import { LedgerFault, type LedgerGuard } from '@recourse/registry';
import { ServerError } from '../errors.ts';
import { silentLog, type Log } from '../log.ts';
import { sayOnTurn } from '../say-on-turn.ts';

/** A mount that answers needs milliseconds a file. */
const silentMs = 10_000;

export interface SharedFolderOptions {
  readonly log?: Log;
  /** Told whether it can be used */
  readonly ledger?: Pick<LedgerGuard, 'folderIs'>;
  readonly withinMs?: number;
}

/**
 * The folder that all servers share, on a mount that may hang. Work that hangs keeps a thread of this process for as long as
 * it does, and there are four for all files and signatures: so one work runs at a time, and while it hangs nothing else
 * begins. What was given up may still finish: it writes what was true when it began, and the next work compares.
 */
export class SharedFolder {
  readonly path: string;
  readonly #options: SharedFolderOptions;
  readonly #say: ReturnType<typeof sayOnTurn>;
  #working: Promise<void> | undefined;
  #isSilent = false;

  constructor(path: string, options: SharedFolderOptions = {}) {
    this.path = path;
    this.#options = options;
    const over = `FOLDER: ${path} can be used again.`;
    this.#say = sayOnTurn(options.log ?? silentLog, { over, level: 'alarm' });
  }

  /** @throws ServerError `checkpoints_dir_unusable`, or the LedgerFault that the work found */
  async run<T>(work: () => Promise<T>): Promise<T> {
    try {
      const value = await this.#within(work);
      this.#note(undefined);
      return value;
    } catch (error) {
      if (error instanceof LedgerFault) throw error;
      const code = codeOf(error);
      const why = code === 'SILENT' ? 'does not answer' : `cannot be used (${code})`;
      this.#note(why);
      const next =
        'make it, or mount it, and make it writable for this user; RECOURSE_CHECKPOINTS_DIR is the folder that all servers of this registry share.';
      const message = `${this.path} ${why}: ${next}`;
      throw new ServerError('checkpoints_dir_unusable', message, { cause: error });
    }
  }

  async #within<T>(work: () => Promise<T>): Promise<T> {
    const { withinMs = silentMs } = this.#options;
    const late = sleep(withinMs, silent, { ref: false });
    while (this.#working) {
      if (this.#isSilent || (await Promise.race([this.#working, late])) === silent) throw hangs();
    }
    const working = work();
    this.#working = this.#settled(working);
    if ((await Promise.race([working, late])) !== silent) return working;
    this.#isSilent = true;
    throw hangs();
  }

  /** However it ends, the next one may begin. */
  async #settled(working: Promise<unknown>): Promise<void> {
    await working.catch(() => undefined);
    this.#working = undefined;
    this.#isSilent = false;
  }

  #note(why: string | undefined): void {
    this.#options.ledger?.folderIs(why === undefined);
    this.#say(
      why === undefined
        ? undefined
        : [
            `FOLDER: ${this.path}, the folder in RECOURSE_CHECKPOINTS_DIR, ${why}. Nothing is signed until it can be used, and after half a minute calls are refused: mount it again, or make room.`,
          ],
    );
  }
}

const silent: unique symbol = Symbol('silent');

const hangs = (): Error =>
  Object.assign(new Error('the folder does not answer'), { code: 'SILENT' });

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
