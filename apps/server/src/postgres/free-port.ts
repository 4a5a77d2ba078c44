import { randomInt } from 'node:crypto';
import { createServer } from 'node:http';
import { listenOn } from '@recourse/serving';
import { ServerError } from '../errors.ts';

/** A TCP port that is free on loopback, in 20000..32767: below the range from which Linux takes the ports of outgoing connections. */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < 50; attempt += 1) {
    const port = randomInt(20_000, 32_768);
    if (await isFree(port)) return port;
  }
  throw new ServerError('postgres_no_free_port', 'No free TCP port between 20000 and 32767.');
}

async function isFree(port: number): Promise<boolean> {
  try {
    const probe = await listenOn(createServer(), { host: '127.0.0.1', port });
    await probe.close();
    return true;
  } catch {
    return false;
  }
}
