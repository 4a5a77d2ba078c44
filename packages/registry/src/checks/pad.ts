/** Bodies of matches have one of the lengths 4, 8, 16, … KiB, so that a length does not tell a record from none. */
const smallestBody = 4096;

/** The length class of a body of so many bytes. */
export function padTo(bytes: number): number {
  let size = smallestBody;
  while (size < bytes) size *= 2;
  return size;
}

/**
 * The body `{"result":…,"changes":…}` with a member `pad` in the result that fills it to a length class.
 * `changes` is counted: a first disclosure carries openings, and they must not show in the length either.
 */
export function padBody(result: Readonly<Record<string, unknown>>, changes?: unknown): string {
  const members = JSON.stringify(result).slice(1, -1);
  const head = `{"result":{${members}${members === '' ? '' : ','}"pad":"`;
  const tail = changes === undefined ? '"}}' : `"},"changes":${JSON.stringify(changes)}}`;
  const bytes = Buffer.byteLength(head) + Buffer.byteLength(tail);
  return `${head}${'.'.repeat(padTo(bytes) - bytes)}${tail}`;
}
