import { execFile } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { encodeVerifierKey } from '@recourse/ledger';
import { testOrigin } from '@recourse/testkit';
import type { Files } from '../recovery-files.ts';
import { logKeyOf } from './readers.ts';
import type { Recording } from './recording.ts';

const recourse = fileURLToPath(new URL('../../../../apps/cli/src/main.ts', import.meta.url));

/** What `recourse ledger verify` finds, which has the key of the log and is served nothing but its files. */
export async function verification(recording: Recording): Promise<unknown> {
  const server = await serve(recording.files);
  const dir = mkdtempSync(join(tmpdir(), 'recourse-recorded-'));
  const key = encodeVerifierKey(logKeyOf(recording));
  const flags = ['--registry', testOrigin, '--key', key, '--url', server.url];
  try {
    const stdout = await run([
      'ledger',
      'verify',
      ...flags,
      '--state',
      join(dir, 'state'),
      '--json',
    ]);
    const { state: _, ...found } = JSON.parse(stdout) as Record<string, unknown>;
    return found;
  } finally {
    server.close();
    rmSync(dir, { recursive: true });
  }
}

const plainClient = fileURLToPath(
  new URL('../../../../docs/examples/verify_ledger.py', import.meta.url),
);

/** The last line of the client in Python that was made from docs/ledger.md alone. */
export async function plainVerification(recording: Recording): Promise<string | undefined> {
  const server = await serve(recording.files);
  const key = encodeVerifierKey(logKeyOf(recording));
  const flags = ['--from', `${server.url}/ledger`, '--origin', testOrigin, '--key', key];
  try {
    const stdout = await execute('python3', ['-B', plainClient, ...flags]);
    return stdout.trim().split('\n').at(-1);
  } finally {
    server.close();
  }
}

const run = (args: readonly string[]): Promise<string> =>
  execute(process.execPath, ['--conditions=@recourse/source', recourse, ...args]);

/** What a program prints; one that fails prints why. */
const execute = (program: string, args: readonly string[]): Promise<string> =>
  new Promise((resolve) => {
    execFile(program, args, (_error, stdout) => resolve(stdout));
  });

async function serve(files: Files): Promise<{ url: string; close: () => void }> {
  const server = createServer(({ url = '' }, response) => {
    const bytes = files.get(url.replace('/ledger/', ''));
    response.writeHead(bytes ? 200 : 404).end(bytes);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const close = (): void => {
    server.close();
    server.closeAllConnections();
  };
  return { url: `http://127.0.0.1:${port}`, close };
}
