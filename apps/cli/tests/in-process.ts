import { readEnvironment } from '../src/environment.ts';
import { runCli } from '../src/program.ts';
import type { Run, Sandbox } from './sandbox.ts';

/** Runs a command line in this process, without a terminal: a process of its own takes a second to start. */
export async function runHere(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Run> {
  const written = { stdout: '', stderr: '' };
  const restore = (['stdout', 'stderr'] as const).map((name) => {
    const write = process[name].write.bind(process[name]);
    process[name].write = (chunk: string | Uint8Array) => {
      written[name] += String(chunk);
      return true;
    };
    return () => (process[name].write = write);
  });
  try {
    const code = await runCli(args, readEnvironment(env, { stdin: {}, stdout: {}, stderr: {} }));
    return { code, ...written };
  } finally {
    for (const each of restore) each();
  }
}

/** The same in a sandbox, as one of its parties: the JSON that was printed. */
export async function jsonHere<T>(
  { dataDir }: Pick<Sandbox, 'dataDir'>,
  args: readonly string[],
  as = 'Harbour',
): Promise<T> {
  const { stdout } = await runHere([...args, '--sandbox', dataDir, '--as', as, '--json']);
  return JSON.parse(stdout) as T;
}
