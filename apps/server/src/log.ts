import { destination, pino, stdTimeFunctions, type DestinationStream } from 'pino';
import { ServerError } from './errors.ts';

/**
 * Lines of the process. They hold codes and counts: no identifier, token, case code, key, path of a case or body
 * reaches a log, and texts of libraries and of the database may quote such values.
 */
export interface Log {
  /** Steps of a start, for a person who waits */
  progress(line: string): void;
  /** Says something that somebody should look at, though calls go on */
  warn(line: string): void;
  /** Says something that stops calls, or the log, until somebody mends it */
  alarm(line: string): void;
  /** Something that failed, by where and which error; its message stays inside */
  fault(where: string, error: unknown, call?: FailedCall): void;
}

/** A call that failed here, of closed lists but for the last two. */
export interface FailedCall {
  readonly operation: string;
  readonly status: number;
  readonly code: string;
  readonly ms: number;
  /** Once its signature was verified */
  readonly party?: string;
  /** The first 16 digits of SHA-256 of its `jti`, in hexadecimal */
  readonly call?: string;
}

export type LogFormat = 'text' | 'json';

/** The log of a process, which also says why it ended. */
export interface ProcessLog extends Log {
  end(where: string, error: unknown): void;
}

export const silentLog: Log = {
  progress: () => undefined,
  warn: () => undefined,
  alarm: () => undefined,
  fault: () => undefined,
};

export const openLog = (format: LogFormat): ProcessLog =>
  format === 'json' ? jsonLog(destination({ dest: 1, sync: true })) : consoleLog();

/** Lines for people: steps on stdout, what failed on stderr. */
export const consoleLog = (): ProcessLog => ({
  progress: (line) => console.log(line),
  warn: (line) => console.error(line),
  alarm: (line) => console.error(line),
  fault: sayFault,
  end: (where, error) => {
    if (error instanceof ServerError) console.error(`${error.message} (${error.code})`);
    else sayFault(where, error);
  },
});

const sayFault: Log['fault'] = (where, error, call) => {
  const { operation, ...facts } = call ?? {};
  const about = operation === undefined ? '' : ` ${[operation, ...pairs(facts)].join(' ')}`;
  console.error(`${new Date().toISOString()} ${where}${about}: ${named(error)}`);
};

const pairs = (facts: object): string[] =>
  Object.entries(facts).map(([name, value]) => `${name}=${String(value)}`);

/** One JSON object a line, for programs that collect logs. */
export function jsonLog(to: DestinationStream): ProcessLog {
  const log = pino(
    {
      base: null,
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (level) => ({ level }) },
    },
    to,
  );
  const fault: Log['fault'] = (where, error, call) =>
    log.error({ ...call, error: named(error) }, where);
  return {
    progress: (line) => {
      if (line !== '') log.info(line);
    },
    warn: (line) => log.warn(line),
    alarm: (line) => log.error(line),
    fault,
    end: (where, error) => {
      if (error instanceof ServerError) log.fatal({ code: error.code }, error.message);
      else log.fatal({ error: named(error) }, where);
    },
  };
}

/** Name, code and the frames of the stack, never the message. */
function named(error: unknown, depth = 0): string {
  if (error === undefined) return 'no error';
  if (!(error instanceof Error)) return 'not an error';
  const code = 'code' in error && typeof error.code === 'string' ? ` ${error.code}` : '';
  const { stack = '', message } = error;
  // A line of the message may look like a frame.
  const frames = stack
    .slice(stack.indexOf(message) + message.length)
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => /^at .+:\d+:\d+\)?$/.test(line))
    .slice(0, 4);
  const cause =
    error.cause === undefined || depth > 2 ? '' : ` <- ${named(error.cause, depth + 1)}`;
  return `${error.name}${code} ${frames.join(' ')}${cause}`;
}
