import type { IncomingMessage } from 'node:http';
import { Problem } from '@recourse/protocol';

/**
 * Reads a body to its end and keeps its first bytes: a browser reads an answer only once it has sent all. How long that
 * may take is the listener's request timeout.
 *
 * @throws Problem `too-large` beyond the limit, or `malformed-call` when the client went away
 */
export function readHead(
  incoming: IncomingMessage,
  { keep, limit }: { keep: number; limit: number },
): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let [kept, size] = [0, 0];
    const settle = (finish: () => void): void => {
      incoming.off('data', take).off('end', end).off('error', cut).off('close', cut);
      finish();
    };
    const take = (chunk: Buffer): void => {
      size += chunk.length;
      if (size > limit) return settle(() => reject(new Problem('too-large')));
      const part = chunk.subarray(0, keep - kept);
      kept += part.length;
      // Copied: a part would hold the whole of what it was cut from.
      if (part.length > 0) chunks.push(Buffer.from(part));
    };
    const end = (): void => settle(() => resolve(Buffer.concat(chunks)));
    const cut = (): void => settle(() => reject(new Problem('malformed-call')));
    incoming.on('data', take).once('end', end).once('error', cut).once('close', cut);
  });
}
