import type { Log } from './log.ts';

/**
 * Says once that something holds, and once that it is over.
 * @returns to be called at each look, with the lines that say what holds, or nothing
 */
export function sayOnTurn(
  log: Pick<Log, 'progress'>,
  over: string,
): (lines: readonly string[] | undefined) => void {
  let isSaid = false;
  return (lines) => {
    if ((lines !== undefined) === isSaid) return;
    isSaid = lines !== undefined;
    for (const line of lines ?? [over]) log.progress(line);
  };
}
