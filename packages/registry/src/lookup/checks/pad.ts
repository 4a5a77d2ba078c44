/** Bodies of matches have one of the lengths 4, 8, 16, … KiB, so that a length does not tell a record from none. */
const smallestBody = 4096;

/** The length class of a body of so many bytes. */
export function padTo(bytes: number): number {
  let size = smallestBody;
  while (size < bytes) size *= 2;
  return size;
}

/**
 * The result with a member `pad` that fills the body `{"result":…,"changes":…}` to a length class. `changes`
 * is counted: a first disclosure carries openings, and they must not show in the length either.
 */
export function padded<R extends object>(result: R, changes?: unknown): R & { pad: string } {
  const body = JSON.stringify({ result: { ...result, pad: '' }, changes });
  const bytes = Buffer.byteLength(body);
  return { ...result, pad: '.'.repeat(padTo(bytes) - bytes) };
}
