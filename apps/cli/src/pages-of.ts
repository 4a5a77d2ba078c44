interface Page {
  readonly limit: number;
  readonly cursor?: string;
}

/** The first so many items of a list that pages by a cursor. */
export async function pagesOf<T>(
  limit: number,
  read: (page: Page) => Promise<{ items: readonly T[]; next?: string | undefined }>,
): Promise<T[]> {
  const all: T[] = [];
  let cursor: string | undefined;
  do {
    const page = { limit: Math.min(100, limit), ...(cursor === undefined ? {} : { cursor }) };
    const { items, next } = await read(page);
    all.push(...items);
    cursor = next;
  } while (cursor !== undefined && all.length < limit);
  return all.slice(0, limit);
}
