import { accessSync, constants, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ServerConfig } from './config/config.ts';
import { ServerError } from './errors.ts';

/** Where a sandbox keeps the private keys of its invented parties. */
export const sandboxFile = (dataDir: string): string => join(dataDir, 'sandbox.json');

/**
 * Makes the data directory, for its owner alone.
 * @throws ServerError `data_dir_unusable`, or `sandbox_data` when production is pointed at a sandbox
 */
export function prepareDataDir({ dataDir, mode }: Pick<ServerConfig, 'dataDir' | 'mode'>): void {
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    accessSync(dataDir, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (cause) {
    throw new ServerError(
      'data_dir_unusable',
      `Cannot write to ${dataDir}: make it writable for this user, or set RECOURSE_DATA_DIR to a folder that is.`,
      { cause },
    );
  }
  if (mode === 'production' && existsSync(sandboxFile(dataDir))) {
    throw new ServerError(
      'sandbox_data',
      `${dataDir} holds a sandbox, whose parties and records are invented: give production a RECOURSE_DATA_DIR of its own.`,
    );
  }
}
