import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../src/postgres/free-port.ts';

export interface StartedSandbox {
  /** The start page, as the sandbox prints it */
  readonly address: string;
  stop(): Promise<void>;
}

const program = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

/** What `npm start` runs, in a folder of its own, and the address that it prints for people. */
export async function startSandbox(): Promise<StartedSandbox> {
  const dataDir = mkdtempSync(join(tmpdir(), 'recourse-month-'));
  const { DATABASE_URL: _url, DATABASE_OWNER_URL: _owner, ...environment } = process.env;
  const child = spawn(process.execPath, ['--conditions=@recourse/source', program], {
    env: { ...environment, RECOURSE_DATA_DIR: dataDir, RECOURSE_PORT: String(await freePort()) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = once(child, 'exit');
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    await ended;
    rmSync(dataDir, { recursive: true, force: true });
  };
  const said: string[] = [];
  const lines = createInterface({ input: child.stdout });
  createInterface({ input: child.stderr }).on('line', (line) => said.push(line));
  void ended.then(() => lines.close());
  for await (const line of lines) {
    said.push(line);
    const address = /open (http\S+\/sandbox)\b/.exec(line)?.[1];
    if (address === undefined) continue;
    // Nobody reads on: a pipe that is full would stop it.
    child.stdout.resume();
    return { address, stop };
  }
  await stop();
  throw new Error(`the sandbox did not start:\n${said.join('\n')}`);
}
