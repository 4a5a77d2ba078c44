import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import {
  freePort,
  startEmbeddedPostgres,
  type EmbeddedPostgres,
} from '@recourse/server/embedded-postgres';

export interface StartedRegistry {
  readonly origin: string;
  readonly dataDir: string;
  /** Everything the process printed */
  readonly logFile: string;
  /** As the owner of the schema, who reads every table */
  readonly ownerUrl: string;
  stopServer(): Promise<void>;
  stop(): Promise<void>;
}

interface StartOptions {
  readonly progress?: (step: string) => void;
  /** Settings of the registry */
  readonly settings: Readonly<Record<string, string>>;
}

/** Starts a registry in `dir`, which is empty: PostgreSQL, and the server in a process of its own. */
export async function startRegistry(
  dir: string,
  { progress, settings }: StartOptions,
): Promise<StartedRegistry> {
  const dataDir = join(dir, 'registry');
  const logFile = join(dir, 'registry.log');
  progress?.('Starting PostgreSQL');
  const postgres = await startEmbeddedPostgres({ dataDir: join(dataDir, 'postgres') });
  try {
    const port = await freePort();
    const origin = `http://localhost:${port}`;
    progress?.('Starting the registry with its sample parties');
    const child = await startProcess(logFile, {
      ...settings,
      RECOURSE_PORT: String(port),
      RECOURSE_ORIGIN: origin,
      RECOURSE_DATA_DIR: dataDir,
      DATABASE_URL: postgres.url,
      DATABASE_OWNER_URL: postgres.ownerUrl,
    });
    const stopServer = onlyOnce(() => endProcess(child));
    const stop = onlyOnce(async () => {
      await stopServer();
      await postgres.stop();
    });
    return { origin, dataDir, logFile, ownerUrl: postgres.ownerUrl, stopServer, stop };
  } catch (error) {
    await stopQuietly(postgres);
    throw error;
  }
}

/** The compiler rewrites imports, not this. */
const extension = import.meta.url.endsWith('.ts') ? '.ts' : '.js';

async function startProcess(
  logFile: string,
  settings: Record<string, string>,
): Promise<ChildProcess> {
  const child = fork(new URL(`./registry-process/main${extension}`, import.meta.url), {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const log = createWriteStream(logFile, { mode: 0o600 });
  child.stdout?.pipe(log, { end: false });
  child.stderr?.pipe(log, { end: false });
  child.send(settings);
  const exit = once(child, 'exit').then(() => {
    throw new Error(`The registry did not start; what it said is in ${logFile}.`);
  });
  await Promise.race([once(child, 'message'), exit]);
  exit.catch(() => undefined);
  return child;
}

async function endProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.send({ stop: true });
  await exited;
}

const stopQuietly = (postgres: EmbeddedPostgres): Promise<void> =>
  postgres.stop().catch(() => undefined);

function onlyOnce(run: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  return () => (running ??= run());
}
