import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

export interface Verification {
  /** Where the files are */
  readonly url: string;
  /** Of the registry, and the key that is believed */
  readonly origin: string;
  readonly key: string;
  readonly state: string;
}

/** The compiler rewrites imports, not this. */
const extension = import.meta.url.endsWith('.ts') ? '.ts' : '.js';
const main = fileURLToPath(new URL(`../../main${extension}`, import.meta.url));

/** Runs `recourse ledger verify`, in a process of its own. @returns `verified`, or the code of what it found */
export async function verifyCopy({ url, origin, key, state }: Verification): Promise<string> {
  const of = ['--registry', origin, '--key', key, '--url', url, '--state', state, '--json'];
  const child = spawn(process.execPath, [...process.execArgv, main, 'ledger', 'verify', ...of], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [said] = await Promise.all([text(child.stdout), once(child, 'close')]);
  const { verified, error } = JSON.parse(said) as { verified?: boolean; error?: { code: string } };
  return verified === true ? 'verified' : (error?.code ?? 'not verified');
}
