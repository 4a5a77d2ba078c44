/**
 * What the process says. Lines hold codes and counts: no identifier, token, case code, key, path of a case or body
 * reaches a log, and texts of libraries and of the database may quote such values.
 */
export interface Log {
  /** Steps of a start, for a person who waits */
  progress(line: string): void;
  /** Something that failed, by where and which error; its message stays inside */
  fault(where: string, error: unknown): void;
}

export const silentLog: Log = { progress: () => undefined, fault: () => undefined };

export function consoleLog(): Log {
  return {
    progress: (line) => console.log(line),
    fault: (where, error) => console.error(`${new Date().toISOString()} ${where}: ${named(error)}`),
  };
}

/** Name, code and the frames of the stack, never the message. */
function named(error: unknown, depth = 0): string {
  if (!(error instanceof Error)) return 'not an error';
  const code = 'code' in error && typeof error.code === 'string' ? ` ${error.code}` : '';
  const frames = (error.stack ?? '')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => /^at .+:\d+:\d+\)?$/.test(line))
    .slice(0, 4);
  const cause =
    error.cause === undefined || depth > 2 ? '' : ` <- ${named(error.cause, depth + 1)}`;
  return `${error.name}${code} ${frames.join(' ')}${cause}`;
}
