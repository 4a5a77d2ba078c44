import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { readConfig, startServer, type RunningServer } from '@recourse/server';
import { bareEnvironment, freshDatabase, type FreshDatabase, workerPort } from '@recourse/testkit';
import postgres from 'postgres';
import { runHere, type Run } from './in-process.ts';

/** A sandbox registry on a database of its own, and the command line against it. */
export class Sandbox {
  readonly dir: string;
  readonly dataDir: string;
  readonly sql: postgres.Sql;
  readonly database: FreshDatabase;
  readonly server: RunningServer;

  private constructor(parts: {
    dir: string;
    dataDir: string;
    database: FreshDatabase;
    server: RunningServer;
  }) {
    this.dir = parts.dir;
    this.dataDir = parts.dataDir;
    this.database = parts.database;
    this.server = parts.server;
    this.sql = postgres(parts.database.ownerUrl, { max: 2, onnotice: () => undefined });
  }

  static async start(): Promise<Sandbox> {
    const dir = mkdtempSync(join(tmpdir(), 'recourse-cli-'));
    const dataDir = join(dir, 'registry');
    const database = await freshDatabase();
    const port = await workerPort();
    const server = await startServer(
      readConfig({
        RECOURSE_PORT: String(port),
        RECOURSE_ORIGIN: `http://localhost:${port}`,
        RECOURSE_DATA_DIR: dataDir,
        // What is stated of a domain answers at once: these tests are of commands, and of no hold.
        RECOURSE_HOLD_HOURS: '0',
        DATABASE_URL: database.url,
        DATABASE_OWNER_URL: database.ownerUrl,
      }),
    );
    return new Sandbox({ dir, dataDir, database, server });
  }

  file(name: string): string {
    return join(this.dir, name);
  }

  /** Starts `recourse …` as the sample party, in a process of its own. */
  spawn(args: readonly string[], as = 'Harbour'): ChildProcess {
    return spawnCli([...args, '--sandbox', this.dataDir, '--as', as]);
  }

  /** Runs it to its end, in this process. */
  run(args: readonly string[], as = 'Harbour'): Promise<Run> {
    return runHere([...args, '--sandbox', this.dataDir, '--as', as]);
  }

  /** The JSON that it printed. */
  async json<T>(args: readonly string[], as?: string): Promise<T> {
    const { stdout } = await this.run([...args, '--json'], as);
    return JSON.parse(stdout) as T;
  }

  /** Lifts the daily bound, as two people of the operator do in the public log. */
  async allow(submissionsPerDay: number): Promise<void> {
    const party = this.party('Harbour');
    const input = JSON.stringify({ party, submissionsPerDay });
    for (const as of ['Operator:1', 'Operator:2']) {
      const { code } = await this.run(['call', 'platforms.setQuota', input], as);
      if (code !== 0) throw new Error('no quota');
    }
  }

  party(name: string): string {
    const { parties } = JSON.parse(readFileSync(join(this.dataDir, 'sandbox.json'), 'utf8')) as {
      parties: { name: string; party: string }[];
    };
    return parties.find((key) => key.name === name)?.party ?? '';
  }

  async count(): Promise<number> {
    const [row] = await this.sql<{ n: number }[]>`
      select count(*)::int as n from sanctions where party = ${this.party('Harbour')}`;
    return row?.n ?? 0;
  }

  async stop(): Promise<void> {
    await this.sql.end();
    await this.server.stop();
    await this.database.drop();
    rmSync(this.dir, { recursive: true, force: true });
  }
}

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));

export function spawnCli(
  args: readonly string[],
  env: Record<string, string> = {},
  stdin = '',
): ChildProcess {
  const child = spawn(process.execPath, ['--conditions=@recourse/source', main, ...args], {
    stdio: [stdin === '' ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    env: { ...bareEnvironment(), ...env },
  });
  child.stdin?.end(stdin);
  return child;
}

export async function finished(child: ChildProcess): Promise<Run> {
  const code = new Promise<number | null>((resolve) => child.once('close', resolve));
  const { stdout, stderr } = child;
  if (!stdout || !stderr) throw new Error('no pipes');
  const [out, error] = await Promise.all([text(stdout), text(stderr)]);
  return { code: await code, stdout: out, stderr: error };
}

/** Resolves when the file has so many lines. */
export async function untilLines(path: string, count: number): Promise<void> {
  for (;;) {
    const lines = existsSync(path) ? readFileSync(path, 'utf8').split('\n').length - 1 : 0;
    if (lines >= count) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

export const linesOf = (path: string): Record<string, unknown>[] =>
  readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
