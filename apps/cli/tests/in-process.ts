import { readEnvironment } from '../src/environment.ts';
import { runCli } from '../src/program.ts';

/** What a command line came to. */
export interface Run {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs a command line in this process as `main.ts` does in its own, without a terminal; one at a time, since what it prints
 * is caught. A process of its own takes a second to start: that is for what a signal, a pipe or the exit shows.
 */
export async function runHere(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Run> {
  const written = { stdout: '', stderr: '' };
  const restore = (['stdout', 'stderr'] as const).map((name) => {
    const write = process[name].write.bind(process[name]);
    process[name].write = (chunk: string | Uint8Array, ...more: readonly unknown[]) => {
      written[name] += String(chunk);
      const done = more.at(-1);
      if (typeof done === 'function') done();
      return true;
    };
    return () => (process[name].write = write);
  });
  try {
    const elsewhere = { XDG_CONFIG_HOME: '/nonexistent', ...env };
    const streams = { stdout: {}, stderr: {} };
    const code = await runCli(args, readEnvironment(elsewhere, streams));
    return { code, ...written };
  } finally {
    for (const each of restore) each();
  }
}
