import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { bareEnvironment } from '@recourse/testkit';
import { onTestFinished } from 'vitest';

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));

export interface AgentProcess {
  readonly child: ChildProcess;
  readonly at: string;
  /** SIGKILL; resolves when it is gone */
  kill(): Promise<void>;
}

/** `recourse-agent` as a process of its own, once it is ready. */
export async function spawnAgent(
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<AgentProcess> {
  const child = spawn(process.execPath, ['--conditions=@recourse/source', main, ...args], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...bareEnvironment(), ...env },
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const gone = once(child, 'close');
  const at = await new Promise<string>((resolve, reject) => {
    let output = '';
    child.stderr.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      const ready = /ready at (\S+);/.exec(output)?.[1];
      if (ready !== undefined) resolve(ready);
    });
    child.once('close', () => reject(new Error(`the agent did not start: ${output}`)));
  });
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL');
    await gone;
  };
  return { child, at, kill };
}
