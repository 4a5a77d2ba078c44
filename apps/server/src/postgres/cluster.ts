import { spawn } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { ServerError } from '../errors.ts';
import { type Account, asAccount } from './account.ts';
import type { PostgresBinaries } from './binaries.ts';

/** Where and as whom a new cluster is made; `password` becomes the superuser's. */
export interface NewCluster {
  binaries: PostgresBinaries;
  dataDir: string;
  account: Account | undefined;
  password: string;
}

/**
 * Makes `<dataDir>/cluster` unless it exists. It is made under another name and renamed when complete, so that a crash
 * half-way leaves nothing that looks like a database.
 */
export async function createCluster(options: NewCluster): Promise<void> {
  const { binaries, dataDir, account } = options;
  const unfinished = join(dataDir, 'cluster.new');
  const passwordFile = join(dataDir, 'password.new');
  for (const path of [unfinished, passwordFile]) rmSync(path, { recursive: true, force: true });
  mkdirSync(unfinished, { mode: 0o700 });
  writeFileSync(passwordFile, options.password, { mode: 0o600 });
  if (account !== undefined) {
    chmodSync(dataDir, 0o711);
    for (const path of [unfinished, passwordFile]) chownSync(path, account.uid, account.gid);
  }
  try {
    const args = ['-D', unfinished, '--pwfile', passwordFile, ...FLAGS];
    await initdb(asAccount(binaries.initdb, args, account));
  } finally {
    rmSync(passwordFile);
  }
  renameSync(unfinished, join(dataDir, 'cluster'));
}

/** Whether a complete cluster is there. */
export function hasCluster(dataDir: string): boolean {
  return existsSync(join(dataDir, 'cluster', 'PG_VERSION'));
}

/** The builtin C.UTF-8 locale sorts alike on every machine: an upgrade of the system's locales cannot corrupt an index. */
const FLAGS = [
  '--username=postgres',
  '--auth=scram-sha-256',
  '--encoding=UTF8',
  '--locale=C',
  '--locale-provider=builtin',
  '--builtin-locale=C.UTF-8',
  '--no-instructions',
];

function initdb(launch: ReturnType<typeof asAccount>): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(launch.command, launch.args, {
      ...launch.identity,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, LC_ALL: 'C' },
    });
    let output = '';
    const collect = (chunk: Buffer): void => void (output += chunk.toString('utf8'));
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    const failed = (cause?: unknown): void =>
      reject(
        new ServerError('postgres_init_failed', `initdb failed:\n${output.slice(-2000)}`, {
          cause,
        }),
      );
    child.once('error', failed);
    child.once('close', (code) => (code === 0 ? resolve() : failed()));
  });
}
