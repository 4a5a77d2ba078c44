import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

const cli = fileURLToPath(new URL('../../../cli/src/main.ts', import.meta.url));

/**
 * Runs `recourse ledger verify` in a process of its own, against the log as it is served. @returns seconds, from the start
 * of the process to its end, and the entries that it read
 */
export async function verifyServed(ledger: {
  url: string;
  origin: string;
  key: string;
  state: string;
}): Promise<{ seconds: number; entries: number }> {
  const begun = performance.now();
  const flags = [
    '--registry',
    ledger.origin,
    '--key',
    ledger.key,
    '--url',
    ledger.url,
    '--state',
    ledger.state,
  ];
  const child = spawn(
    process.execPath,
    ['--conditions=@recourse/source', cli, 'ledger', 'verify', ...flags, '--json'],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const [said] = await Promise.all([text(child.stdout), once(child, 'close')]);
  const seconds = (performance.now() - begun) / 1_000;
  const { verified, entries } = JSON.parse(said) as { verified?: boolean; entries?: number };
  if (verified !== true || entries === undefined) throw new Error(`not verified: ${said}`);
  return { seconds, entries };
}
