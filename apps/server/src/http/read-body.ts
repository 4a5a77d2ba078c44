import type { IncomingMessage } from 'node:http';
import { Problem } from '@recourse/protocol';
import { readBody as read } from '@recourse/serving';

/** JSON by name: a form of another site cannot send that without asking, and asking is answered with no. */
export const isJson = (incoming: IncomingMessage): boolean =>
  mediaType(incoming) === 'application/json';

export const mediaType = (incoming: IncomingMessage): string =>
  (incoming.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';

/**
 * @param keep its first bytes alone, of what is read to its end
 * @throws Problem `too-large`, or `malformed-call` when the client went away
 */
export const readBody = (
  incoming: IncomingMessage,
  limit: number,
  keep?: number,
): Promise<Buffer> =>
  read(incoming, {
    limit,
    keep,
    refuse: (why) => new Problem(why === 'cut' ? 'malformed-call' : why),
  });
