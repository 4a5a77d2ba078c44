import { createServer, get, type Server } from 'node:http';
import { BlockList, type AddressInfo } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { readConfig } from '../config/config.ts';
import { noTraces } from '../traces/traces.ts';
import { FailureLimits } from './failure-limits.ts';
import { guardFloods } from './flood-guard.ts';

let server: Server;
/** Statuses in the order of the answers */
let statuses: number[];
let arrived: number;

beforeEach(async () => {
  [statuses, arrived] = [[], 0];
  vi.useFakeTimers({ toFake: ['setTimeout'] });
  server = createServer();
  server.on('request', () => arrived++);
  const config = { ...readConfig({}), trustedProxies: new BlockList() };
  const failures = new FailureLimits({ burst: 10, perSecond: 1 });
  guardFloods(server, { config, failures, traces: noTraces, onEnded: () => {} }, (_, response) =>
    response.end(),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(() => {
  vi.useRealTimers();
  server.closeAllConnections();
  server.close();
});

function read(path: string): void {
  const { port } = server.address() as AddressInfo;
  const options = { host: '127.0.0.1', port, path, agent: false };
  get(options, (answer) => {
    answer.resume();
    statuses.push(answer.statusCode ?? 0);
  }).on('error', () => {});
}

/** A poll of vitest would move the time on. */
async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await turn();
}

const count = (status: number): number => statuses.filter((one) => one === status).length;

test('who reads beyond the pace is refused no sooner than the last of those that wait is answered', async () => {
  for (let n = 0; n < 200; n++) read('/openapi.json');
  await until(() => arrived === 200 && count(200) >= 20);
  vi.advanceTimersByTime(9_900);
  await until(() => count(200) > 60);
  expect(count(429)).toBe(0);
  vi.advanceTimersByTime(200);
  await until(() => count(429) > 100);
});
