import { resolve } from 'node:path';
import { readConfig } from '../config/config.ts';
import { ServerError } from '../errors.ts';
import { checkpointPath } from '../ledger/checkpoint-file.ts';
import { consoleLog, silentLog } from '../log.ts';
import type { Environment } from '../config/settings.ts';
import { backUp } from './back-up.ts';
import { logFolder, type Manifest } from './manifest.ts';
import { restore, type Restored } from './restore.ts';

export interface BackupRun {
  readonly env: Environment;
  /** A folder, perhaps `--json` */
  readonly args: readonly string[];
  readonly out: { write(text: string): void };
}

/** `recourse-server backup <folder>` */
export async function runBackup({ env, args, out }: BackupRun): Promise<void> {
  const { folder, asJson } = readArgs('backup', args);
  const config = readConfig(env);
  const manifest = await backUp(config, folder);
  const lines = asJson
    ? [JSON.stringify({ backup: folder, ...countsOf(manifest) })]
    : [
        `Backed up ${sayCounts(manifest)} to ${folder}.`,
        `${logFolder(folder)} is a copy of the log: recover --log takes it.`,
        `The keys are not in it. Keep a copy of ${config.keysDir} elsewhere: without them nobody can use this backup.`,
      ];
  say(out, lines);
}

/** `recourse-server restore <folder>` */
export async function runRestore({ env, args, out }: BackupRun): Promise<void> {
  const { folder, asJson } = readArgs('restore', args);
  const config = readConfig(env);
  const restored = await restore(config, folder, asJson ? silentLog : consoleLog());
  const { manifest, log } = restored;
  const lines = asJson
    ? [JSON.stringify({ restored: folder, ...countsOf(manifest), log })]
    : [
        `Restored ${sayCounts(manifest)}, as of ${manifest.at}.`,
        nextStep(restored, checkpointPath(config.dataDir)),
      ];
  say(out, lines);
}

function nextStep({ log }: Restored, paths: string): string {
  if (log === 'whole') return `Nothing was signed since (${paths}): start the servers.`;
  if (log === 'behind')
    return `The log was signed further (${paths}): run recourse-server recover --log with the newest copy of the log, then start the servers. docs/recovery.md says how.`;
  return `No checkpoint is in ${paths}, so nothing says whether the log was signed further. Before any server starts, put the newest there that anybody has, a member, a witness or another server. docs/recovery.md says how.`;
}

const countsOf = ({ tables, log }: Manifest) => ({
  tables: tables.length,
  rows: tables.reduce((sum, { rows }) => sum + rows, 0),
  size: log.size,
  signed: log.signed,
});

function sayCounts(manifest: Manifest): string {
  const { tables, rows, size } = countsOf(manifest);
  return `${rows} rows of ${tables} tables and a log of ${size} entries`;
}

function say(out: BackupRun['out'], lines: readonly string[]): void {
  out.write(lines.map((line) => `${line}\n`).join(''));
}

function readArgs(command: string, args: readonly string[]): { folder: string; asJson: boolean } {
  const [folder, ...others] = args.filter((argument) => argument !== '--json');
  if (folder === undefined || folder.startsWith('-') || others.length > 0)
    throw new ServerError('config_invalid', `${command} takes a folder, and perhaps --json.`);
  return { folder: resolve(folder), asJson: args.includes('--json') };
}
