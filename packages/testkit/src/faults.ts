import type { Db } from '@recourse/registry';

/** The lines of ours that sent what PostgreSQL refused, by its error. */
const senders = new WeakMap<object, string>();

/** Causes of the faults that calls of the running test were answered by. */
const faults = new Set<unknown>();

/** Remembers who sent each statement that fails. */
export function watchSenders(db: Db): void {
  const executor = db.getExecutor();
  const provide = executor.provideConnection.bind(executor);
  executor.provideConnection = (consumer, options) =>
    provide((connection) => {
      const execute = connection.executeQuery.bind(connection);
      connection.executeQuery = async (query, ...more) => {
        try {
          return await execute(query, ...more);
        } catch (error) {
          if (error instanceof Error) senders.set(error, linesOfOurs());
          if (isOfText(error)) faults.add(error);
          throw error;
        }
      };
      return consumer(connection);
    }, options);
}

/** SQLSTATE class 42 but a right that is missing: the statement is wrong, whatever it is given. */
const isOfText = (error: unknown): boolean =>
  /^42(?!501)/.test(String((error as { code?: unknown }).code));

/** Keeps the cause of a refusal for which no caller is to blame. */
export function noteFault(refused: { code: string; cause?: unknown } | undefined): void {
  if (refused?.code !== 'internal' && refused?.code !== 'audit-unavailable') return;
  let cause: unknown = refused;
  while (cause instanceof Error && cause.cause !== undefined) cause = cause.cause;
  faults.add(cause);
}

/** @returns the faults since it was asked last: what PostgreSQL said, the statement, and the lines that sent it */
export function takeFaults(): string[] {
  const lines = [...faults].map(toldOf);
  faults.clear();
  return lines;
}

function toldOf(fault: unknown): string {
  if (!(fault instanceof Error)) return String(fault);
  const sender = senders.get(fault);
  if (sender === undefined) return fault.stack ?? fault.message;
  const { code, detail, query } = fault as { code?: string; detail?: string; query?: string };
  const parts = [`PostgreSQL: ${fault.message} (${code})`, detail, query?.trim(), sender];
  return parts.filter(Boolean).join('\n');
}

/** The stack that waits for a statement: neither libraries nor what watches it. */
function linesOfOurs(): string {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 100;
  const lines = new Error().stack?.split('\n').slice(1) ?? [];
  Error.stackTraceLimit = limit;
  return lines.filter((line) => !/node_modules|node:|testkit\/src/.test(line)).join('\n');
}
