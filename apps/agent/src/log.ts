/**
 * Lines of the process, one each on stderr. They hold codes, counts and ids: no identifier, token, key, code of a case,
 * body or message of a library, which may quote such values.
 */
export interface Log {
  /** Steps, for a person who waits */
  progress(line: string): void;
  /** Something that failed, by where and which code */
  fault(where: string, error: unknown): void;
}

export const silentLog: Log = { progress: () => undefined, fault: () => undefined };

export const consoleLog = (): Log => ({
  progress: (line) => console.error(line),
  fault: (where, error) => console.error(`${new Date().toISOString()} ${where}: ${nameOf(error)}`),
});

/** Name and code of an error, never its message. */
function nameOf(error: unknown): string {
  if (!(error instanceof Error)) return 'not an error';
  return 'code' in error ? `${error.name} ${String(error.code)}` : error.name;
}
