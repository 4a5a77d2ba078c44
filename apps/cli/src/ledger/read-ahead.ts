/** Results of `read` in the order of `items`, with so many reads in flight. */
export async function* readAhead<I, R>(
  items: Iterable<I>,
  { depth, read }: { depth: number; read: (item: I) => Promise<R> },
): AsyncGenerator<R> {
  const flying: Promise<R>[] = [];
  for (const item of items) {
    const flight = read(item);
    // One that fails is thrown in its turn, and not before; after an earlier one, never.
    flight.catch(() => undefined);
    flying.push(flight);
    if (flying.length >= depth) yield await flying.shift()!;
  }
  while (flying.length > 0) yield await flying.shift()!;
}
