import type { IncomingMessage } from 'node:http';

/** Why a body was not read: it is too large, or whoever sent it went away. */
type UnreadBody = 'too-large' | 'cut';

/**
 * The body of a request, counted while it comes in: a length that the client announces is attacker-controlled, and a
 * chunked body announces none. How long it may take is the listener's request timeout.
 *
 * @param keep its first bytes alone: a browser reads an answer only once it has sent all
 * @throws what `refuse` makes of the reason
 */
export function readBody(
  incoming: IncomingMessage,
  {
    limit,
    keep = limit,
    refuse,
  }: { limit: number; keep?: number | undefined; refuse: (why: UnreadBody) => Error },
): Promise<Buffer<ArrayBuffer>> {
  const announced = Number(incoming.headers['content-length'] ?? 0);
  if (announced > limit) return Promise.reject(refuse('too-large'));
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const settle = (finish: () => void): void => {
      incoming.off('data', take).off('end', end).off('error', cut).off('close', cut);
      finish();
    };
    const take = (chunk: Buffer): void => {
      const rest = keep - size;
      size += chunk.length;
      if (size > limit) return settle(() => reject(refuse('too-large')));
      // Copied where it is cut: a part would hold the whole.
      if (rest > 0)
        chunks.push(chunk.length <= rest ? chunk : Buffer.from(chunk.subarray(0, rest)));
    };
    const end = (): void => settle(() => resolve(Buffer.concat(chunks)));
    const cut = (): void => settle(() => reject(refuse('cut')));
    incoming.on('data', take).once('end', end).once('error', cut).once('close', cut);
  });
}
