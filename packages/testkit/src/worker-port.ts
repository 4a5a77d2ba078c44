import process from 'node:process';
import { freePort } from '@recourse/server/embedded-postgres';

/** More than workers run at a time */
const workers = 8;
const mine = Number(process.env['VITEST_POOL_ID'] ?? 0) % workers;
const given = new Set<number>();

/**
 * A TCP port of loopback that is free, and that nobody else is given: a test may stop a server and start it again where it
 * was. Each worker has ports of its own, and gives each of them once.
 */
export async function workerPort(): Promise<number> {
  for (;;) {
    const port = await freePort();
    if (port % workers !== mine || given.has(port)) continue;
    given.add(port);
    return port;
  }
}
