import { access, constants, readdir } from 'node:fs/promises';
import { LedgerReader, type LedgerGuard, type Services } from '@recourse/registry';
import type { ServerConfig } from '../config/config.ts';
import type { Log } from '../log.ts';
import { CheckpointFile, CheckpointFolder, checkpointPath } from './checkpoint-file.ts';
import { LogFolder } from './log-folder.ts';
import { SharedFolder } from './shared-folder.ts';

interface Watching {
  readonly log?: Log;
  /** Told whether the folder can be used */
  readonly guard?: Pick<LedgerGuard, 'folderIs'>;
}

type Places = Pick<ServerConfig, 'dataDir' | 'checkpointsDir'>;

/**
 * The checkpoints outside the database: in the data directory of this server, and in the folder that all servers share,
 * which has the log that they sign, too.
 */
export class KeptCheckpoints {
  readonly #file: CheckpointFile;
  readonly #shared:
    | {
        readonly folder: SharedFolder;
        readonly checkpoints: CheckpointFolder;
        readonly log?: LogFolder;
      }
    | undefined;
  /** As an operator is told them */
  readonly paths: readonly string[];

  /** @param of.ledger what is written to the folder comes from it; whoever only reads needs none */
  constructor(
    { dataDir, checkpointsDir }: Places,
    { ledger, ...watching }: { ledger?: LedgerReader } & Watching = {},
  ) {
    const path = checkpointPath(dataDir);
    this.#file = new CheckpointFile(path);
    this.#shared =
      checkpointsDir === undefined
        ? undefined
        : {
            folder: new SharedFolder(checkpointsDir, {
              ...(watching.log ? { log: watching.log } : {}),
              ...(watching.guard ? { ledger: watching.guard } : {}),
            }),
            checkpoints: new CheckpointFolder(checkpointsDir),
            ...(ledger ? { log: new LogFolder(checkpointsDir, ledger) } : {}),
          };
    this.paths = checkpointsDir === undefined ? [path] : [path, checkpointsDir];
  }

  /** @throws ServerError `checkpoints_dir_unusable` where the folder cannot be read in time */
  async read(): Promise<string[]> {
    const shared = this.#shared;
    const inFolder = shared ? await shared.folder.run(() => shared.checkpoints.read()) : [];
    return [...(await this.#file.read()), ...inFolder];
  }

  /** @throws ServerError `checkpoints_dir_unusable` where the folder cannot be written */
  async assertUsable(): Promise<void> {
    const folder = this.#shared?.folder;
    await folder?.run(async () => {
      const { path } = folder;
      await readdir(path);
      await access(path, constants.W_OK);
    });
  }

  /**
   * The log before its checkpoint, and the folder before the file: it refuses what contradicts it.
   * @throws LedgerFault `forked` where another note of this size is kept
   */
  async keep(note: string): Promise<void> {
    const shared = this.#shared;
    await shared?.folder.run(async () => {
      await shared.log?.reach(note);
      await shared.checkpoints.keep(note);
    });
    await this.#file.keep(note);
  }
}

/**
 * The folder is never made here: one that is not mounted would be made beside it, empty, on each server.
 * @throws ServerError `checkpoints_dir_unusable`
 */
export async function openKeptCheckpoints(
  config: Places,
  { services, log }: { services: Pick<Services, 'db' | 'ledger'>; log: Log },
): Promise<KeptCheckpoints> {
  const ledger = new LedgerReader(services.db);
  const checkpoints = new KeptCheckpoints(config, { ledger, log, guard: services.ledger });
  await checkpoints.assertUsable();
  return checkpoints;
}
