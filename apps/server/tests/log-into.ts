import type { Log } from '../src/index.ts';
import { silentLog } from '../src/log.ts';

/** A log of which a test reads the lines, whatever their level. */
export function logInto(lines: string[]): Log {
  const say = (line: string): void => void lines.push(line);
  return { ...silentLog, progress: say, warn: say, alarm: say };
}
