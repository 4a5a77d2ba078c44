import { spawn } from 'node:child_process';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  codeOf,
  newHome,
  type SandboxParty,
  type TestHome,
  type TestServer,
} from './run-server.ts';

const seconds = 4;

let home: TestHome;
let server: TestServer;
let key: SandboxParty;

beforeAll(async () => {
  home = await newHome();
  server = await home.start({
    RECOURSE_REQUEST_SECONDS: '2',
    RECOURSE_TRUSTED_PROXIES: '127.0.0.9',
  });
  key = server.party('Harbour', 'service');
});
afterAll(() => home.close());

const tampered = async (): Promise<string> => {
  const compact = await server.sign(key, 'sanctions.list', {});
  const at = compact.lastIndexOf('.') + 5;
  return compact.slice(0, at) + (compact[at] === 'A' ? 'B' : 'A') + compact.slice(at + 1);
};

/** Eight members that call one after another until it is over: the statuses that they get. */
async function goodCalls(over: Promise<unknown>): Promise<number[]> {
  const ended = new AbortController();
  void over.finally(() => ended.abort());
  const statuses: number[] = [];
  const member = async (): Promise<void> => {
    while (!ended.signal.aborted) {
      statuses.push((await server.call(key, 'sanctions.list', { limit: 1 })).status);
    }
  };
  await Promise.all(Array.from({ length: 8 }, member));
  return statuses;
}

describe('a flood of well-formed calls with bad signatures', () => {
  // `bench neighbours` measures what good calls lose by it.
  test('is limited at its source, and each good call from elsewhere is answered', async () => {
    const program = fileURLToPath(new URL('flood.ts', import.meta.url));
    const flood = spawn(process.execPath, [program, server.url, String(seconds)], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    flood.stdin.end(await tampered());
    const output = text(flood.stdout);
    const begun = performance.now();
    const statuses = await goodCalls(output);
    const lasted = (performance.now() - begun) / 1000;
    const counts = JSON.parse(await output) as Record<string, number>;
    expect(counts['429']).toBeGreaterThan(0);
    // Its burst, what was under way, and twenty of each second that it lasted.
    expect(counts['401'] ?? 0).toBeLessThan(100 + 128 + (lasted + 1) * 20);
    expect(statuses.length).toBeGreaterThan(8);
    expect(new Set(statuses)).toEqual(new Set([200]));
  });

  test('is told how long to wait', async () => {
    const answer = await floodUntilLimited({ localAddress: '127.0.0.3' });
    expect([answer.status, codeOf(answer)]).toEqual([429, 'quota-exceeded']);
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
    expect(answer.headers['recourse-receipt']).toBeUndefined();
  });

  test('does not get another source by a forged X-Forwarded-For', async () => {
    let n = 0;
    const next = () => ({ 'X-Forwarded-For': `198.51.100.${n++ % 250}` });
    const answer = await floodUntilLimited({ localAddress: '127.0.0.4' }, next);
    expect(answer.status).toBe(429);
  });

  test('through a trusted proxy limits the client behind it, and no other', async () => {
    const via = (client: string) => ({
      localAddress: '127.0.0.9',
      headers: { 'X-Forwarded-For': `203.0.113.1, ${client}` },
    });
    expect((await floodUntilLimited(via('198.51.100.1'))).status).toBe(429);
    const compact = await server.sign(key, 'sanctions.list', {});
    const other = await server.post('/call/sanctions.list', compact, via('198.51.100.2'));
    expect(other.status).toBe(200);
  });
});

type SendOptions = { localAddress: string; headers?: Record<string, string> };

async function floodUntilLimited(from: SendOptions, headers = (): Record<string, string> => ({})) {
  const bad = await tampered();
  for (let i = 0; i < 300; i++) {
    const more = { ...from.headers, ...headers() };
    const answer = await server.post('/call/sanctions.list', bad, { ...from, headers: more });
    if (answer.status === 429) return answer;
  }
  throw new Error('never limited');
}

describe('slow requests', () => {
  test.each([
    ['headers', 'POST /call/sanctions.list HTTP/1.1\r\nHost: x\r\n'],
    [
      'a body',
      'POST /call/sanctions.list HTTP/1.1\r\nHost: x\r\nContent-Type: application/jose\r\nContent-Length: 900\r\n\r\nabc',
    ],
  ])('that drip %s are cut, while others are answered', async (_, start) => {
    const { hostname, port } = new URL(server.url);
    const cut = new Promise<void>((resolve) => {
      const socket = connect(Number(port), hostname, () => socket.write(start));
      const drip = setInterval(() => socket.write('a'), 200);
      socket
        .on('error', () => undefined)
        .on('close', () => {
          clearInterval(drip);
          resolve();
        });
      socket.resume();
    });
    expect((await server.call(key, 'sanctions.list', {})).status).toBe(200);
    await cut;
  });
});
