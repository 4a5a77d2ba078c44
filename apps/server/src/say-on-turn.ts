import type { Log } from './log.ts';

/**
 * Says once that something holds, and once that it is over.
 * @param level of the lines that say what holds; that it is over is only progress
 * @returns to be called at each look, with the lines that say what holds, or nothing
 */
export function sayOnTurn(
  log: Pick<Log, 'progress' | 'warn' | 'alarm'>,
  { over, level }: { readonly over: string; readonly level: 'warn' | 'alarm' },
): (lines: readonly string[] | undefined) => void {
  let isSaid = false;
  return (lines) => {
    if ((lines !== undefined) === isSaid) return;
    isSaid = lines !== undefined;
    if (lines === undefined) log.progress(over);
    for (const line of lines ?? []) log[level](line);
  };
}
