/** SQLSTATEs of a transaction that may succeed when it runs again from its start. */
const transient = new Set(['40001', '40P01']);

/**
 * Runs a pure transaction again after a serialisation failure or a deadlock. A lost connection is not
 * retried here: whether it committed is unknown, and the caller's retry finds out.
 */
export async function retrying<T>(run: () => Promise<T>, attempts = 5): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await run();
    } catch (error) {
      if (attempt >= attempts || !isTransient(error)) throw error;
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 10 * 2 ** attempt));
    }
  }
}

/** A procedure that failed has what failed it as its cause. */
function isTransient(error: unknown): boolean {
  if (transient.has(sqlState(error) ?? '')) return true;
  return error instanceof Error && error.cause !== undefined && isTransient(error.cause);
}

/** Returns the code of what went wrong in PostgreSQL or the connection; none of any other error. */
export function sqlState(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}
