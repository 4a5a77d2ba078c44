import { access, constants, readdir } from 'node:fs/promises';
import type { LedgerReader } from '@recourse/registry';
import type { ServerConfig } from '../config.ts';
import { ServerError } from '../errors.ts';
import { CheckpointFile, CheckpointFolder, checkpointPath } from './checkpoint-file.ts';
import { LogFolder } from './log-folder.ts';

type Places = Pick<ServerConfig, 'dataDir' | 'checkpointsDir'>;

/**
 * The checkpoints outside the database: in the data directory of this server, and in the folder that all servers share,
 * which has the log that they sign, too.
 */
export class KeptCheckpoints {
  readonly #file: CheckpointFile;
  readonly #shared:
    { readonly checkpoints: CheckpointFolder; readonly log?: LogFolder } | undefined;
  /** As an operator is told them */
  readonly paths: readonly string[];

  /** @param ledger what is written to the folder comes from it; whoever only reads needs none */
  constructor({ dataDir, checkpointsDir }: Places, ledger?: LedgerReader) {
    const path = checkpointPath(dataDir);
    this.#file = new CheckpointFile(path);
    this.#shared =
      checkpointsDir === undefined
        ? undefined
        : {
            checkpoints: new CheckpointFolder(checkpointsDir),
            ...(ledger ? { log: new LogFolder(checkpointsDir, ledger) } : {}),
          };
    this.paths = checkpointsDir === undefined ? [path] : [path, checkpointsDir];
  }

  async read(): Promise<string[]> {
    const places = [this.#file, ...(this.#shared ? [this.#shared.checkpoints] : [])];
    return (await Promise.all(places.map((place) => place.read()))).flat();
  }

  /**
   * The log before its checkpoint, and the folder before the file: it refuses what contradicts it.
   * @throws LedgerFault `forked` where another note of this size is kept
   */
  async keep(note: string): Promise<void> {
    await this.#shared?.log?.reach(note);
    await this.#shared?.checkpoints.keep(note);
    await this.#file.keep(note);
  }
}

/**
 * The folder is never made here: one that is not mounted would be made beside it, empty, on each server.
 * @throws ServerError `checkpoints_dir_unusable`
 */
export async function openKeptCheckpoints(
  config: Places,
  ledger: LedgerReader,
): Promise<KeptCheckpoints> {
  const { checkpointsDir } = config;
  if (checkpointsDir !== undefined) {
    try {
      await readdir(checkpointsDir);
      await access(checkpointsDir, constants.W_OK);
    } catch (cause) {
      throw new ServerError(
        'checkpoints_dir_unusable',
        `Cannot write to ${checkpointsDir}: make it, or mount it, and make it writable for this user; RECOURSE_CHECKPOINTS_DIR is the folder that all servers of this registry share.`,
        { cause },
      );
    }
  }
  return new KeptCheckpoints(config, ledger);
}
