import type { IncomingMessage } from 'node:http';
import type { HttpServices } from './context.ts';
import { readBody } from './read-body.ts';

/** Bytes that every route may take; more is counted. */
const smallBytes = 256 * 1024;

/**
 * Reads a body that may be of megabytes, and keeps its place until it was answered: how much memory strangers can fill
 * is bounded, of one source and of all. A body that announces no length counts as a large one.
 *
 * @throws Problem `quota-exceeded` or `overloaded` when others are being read; those of {@link readBody}
 */
export async function readLargeBody<T>(
  http: Pick<HttpServices, 'largeBodies'>,
  request: { incoming: IncomingMessage; source: string; limit: number },
  use: (body: Buffer) => Promise<T>,
): Promise<T> {
  const { incoming, source, limit } = request;
  const announced = Number(incoming.headers['content-length'] ?? Number.NaN);
  if (announced <= smallBytes) return use(await readBody(incoming, smallBytes));
  return http.largeBodies.run(source, async () => use(await readBody(incoming, limit)));
}
