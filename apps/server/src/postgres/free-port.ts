import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';
import { ServerError } from '../errors.ts';

/** A free TCP port on 127.0.0.1 in 20000..32767: below the range from which Linux takes the ports of outgoing connections. */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < 50; attempt += 1) {
    const port = randomInt(20_000, 32_768);
    if (await isFree(port)) return port;
  }
  throw new ServerError('postgres_no_free_port', 'No free TCP port between 20000 and 32767.');
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
}
