/**
 * Runs so many at once, in the order of the source. The first failure, or the signal, stops it from taking more; what
 * was begun is finished before it returns.
 */
export async function eachOf<T>(
  source: AsyncIterable<T> | Iterable<T>,
  options: { concurrency: number; signal: AbortSignal },
  work: (item: T) => Promise<void>,
): Promise<void> {
  const items = itemsOf(source);
  let failure: { error: unknown } | undefined;
  const worker = async (): Promise<void> => {
    while (!failure && !options.signal.aborted) {
      try {
        const { value, done } = await items.next();
        if (done) return;
        await work(value);
      } catch (error) {
        failure ??= { error };
      }
    }
  };
  await Promise.all(Array.from({ length: options.concurrency }, worker));
  await items.return(undefined);
  if (failure) throw failure.error;
}

/** One generator, whose calls wait for each other. */
async function* itemsOf<T>(source: AsyncIterable<T> | Iterable<T>): AsyncGenerator<T, undefined> {
  yield* source;
  return undefined;
}
