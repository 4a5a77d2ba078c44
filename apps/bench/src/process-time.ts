import { readFile } from 'node:fs/promises';

/** Linux counts the time of processes in hundredths of a second, whatever its kernel ticks in. */
const microsecondsATick = 10_000;

/**
 * Processor time of a process, of its children, and of those that ended and it waited for: of all of a PostgreSQL.
 * @returns microseconds; 0 where there is no /proc
 */
export async function timeOfTree(pid: number): Promise<number> {
  const read = (file: string): Promise<string> =>
    readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => '');
  const own = ticksOf(await read('stat')) * microsecondsATick;
  const children = (await read(`task/${pid}/children`)).split(' ').filter(Boolean).map(Number);
  const times = await Promise.all(children.map(timeOfTree));
  return times.reduce((sum, time) => sum + time, own);
}

/** utime, stime, cutime and cstime (proc_pid_stat(5)): fields 14 to 17, counted from behind the name in brackets. */
export const ticksOf = (stat: string): number =>
  stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .slice(11, 15)
    .reduce((sum, field) => sum + Number(field), 0);
