import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import process from 'node:process';
import { TestServer, type TestHome } from './run-server.ts';

const main = join(import.meta.dirname, '../src/main.ts');

export interface ChildServer {
  readonly client: TestServer;
  readonly child: ChildProcess;
  /** Resolves with its exit code. */
  readonly exited: Promise<number | null>;
  /** All that it has printed */
  readonly printed: () => string;
}

/** A server of its own process, once it is ready. */
export async function startChild(
  home: TestHome,
  more: Record<string, string> = {},
): Promise<ChildServer> {
  const env = await home.environment(more);
  const child = spawn(process.execPath, ['--conditions=@recourse/source', main], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exited = once(child, 'exit').then(([code]: unknown[]) => code as number | null);
  home.own({
    stop: async () => {
      child.kill('SIGKILL');
      await exited;
    },
  });
  let printed = '';
  child.stderr.on('data', (text) => (printed += String(text)));
  await new Promise<void>((isReady, failed) => {
    child.stdout.on('data', (text) => {
      printed += String(text);
      if (printed.includes('is ready at')) isReady();
    });
    void exited.then((code) => failed(new Error(`exited with ${code}: ${printed}`)));
  });
  const url = `http://127.0.0.1:${env['RECOURSE_PORT']}`;
  const origin = env['RECOURSE_ORIGIN'] ?? '';
  const client = new TestServer({ url, origin, stop: async () => undefined }, home.dataDir);
  return { client, child, exited, printed: () => printed };
}
