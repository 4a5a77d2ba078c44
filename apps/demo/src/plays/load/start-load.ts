import { fork } from 'node:child_process';
import { once } from 'node:events';
import type { Load } from './main.ts';

export interface RunningLoad {
  /** Answers by status, once it is over */
  readonly done: Promise<Readonly<Record<string, number>>>;
}

const extension = import.meta.url.endsWith('.ts') ? '.ts' : '.js';

/** Starts a neighbour in a process of its own, which ends by itself, and with this one. */
export async function startLoad(load: Load): Promise<RunningLoad> {
  const child = fork(new URL(`./main${extension}`, import.meta.url));
  child.send(load);
  await once(child, 'message');
  const done = once(child, 'message').then(([told]) => {
    const { counts } = told as { counts: Record<string, number> };
    return counts;
  });
  return { done };
}

/** Makes the machine busy with so many programs. @returns ends them */
export function startBusy(programs: number): () => void {
  const busy = new URL(`./busy/main${extension}`, import.meta.url);
  const children = Array.from({ length: programs }, () => fork(busy));
  return () => children.forEach((child) => child.disconnect());
}
