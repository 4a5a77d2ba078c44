import type { IncomingMessage } from 'node:http';
import { Problem } from '@recourse/protocol';

/** JSON by name: a form of another site cannot send that without asking, and asking is answered with no. */
export const isJson = (incoming: IncomingMessage): boolean =>
  mediaType(incoming) === 'application/json';

export const mediaType = (incoming: IncomingMessage): string =>
  (incoming.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';

/**
 * The body of a request, counted while it comes in: a length that the client announces is attacker-controlled, and a
 * chunked body announces none. How long it may take is the listener's request timeout.
 *
 * @throws Problem `too-large`, or `malformed-call` when the client went away
 */
export function readBody(incoming: IncomingMessage, limit: number): Promise<Buffer> {
  const announced = Number(incoming.headers['content-length'] ?? 0);
  if (announced > limit) return Promise.reject(new Problem('too-large'));
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const settle = (finish: () => void): void => {
      incoming.off('data', take).off('end', end).off('error', cut).off('close', cut);
      finish();
    };
    const take = (chunk: Buffer): void => {
      size += chunk.length;
      if (size > limit) settle(() => reject(new Problem('too-large')));
      else chunks.push(chunk);
    };
    const end = (): void => settle(() => resolve(Buffer.concat(chunks)));
    const cut = (): void => settle(() => reject(new Problem('malformed-call')));
    incoming.on('data', take).once('end', end).once('error', cut).once('close', cut);
  });
}
