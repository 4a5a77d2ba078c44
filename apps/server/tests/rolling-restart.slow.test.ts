import { workerPort } from '@recourse/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Balancer } from './balancer.ts';
import { startChild, type ChildServer } from './child-server.ts';
import { newHome, TestServer, type TestHome } from './run-server.ts';

let home: TestHome;
beforeAll(async () => {
  home = await newHome();
});
afterAll(() => home.close());

const start = (port: number, drainSeconds: number): Promise<ChildServer> =>
  startChild(home, {
    RECOURSE_PORT: String(port),
    RECOURSE_DRAIN_SECONDS: String(drainSeconds),
  });

/** Calls on kept connections, one behind the other on each, until it is ended. */
function load(server: TestServer, connections: number) {
  const key = server.party('Harbour', 'service');
  const failed: string[] = [];
  let answered = 0;
  const ending = new AbortController();
  const caller = async (): Promise<void> => {
    while (!ending.signal.aborted) {
      const end = await server.call(key, 'sanctions.list', {}).then(
        ({ status }) => String(status),
        (error: { code?: string }) => error.code ?? 'no code',
      );
      if (end === '200') answered++;
      else failed.push(end);
    }
  };
  const running = Promise.all(Array.from({ length: connections }, caller));
  return async () => {
    ending.abort();
    await running;
    return { answered, failed };
  };
}

async function terminate({ child, exited }: ChildServer): Promise<void> {
  child.kill('SIGTERM');
  expect(await exited).toBe(0);
}

test(
  'each of two servers is restarted under load, and no call fails',
  { timeout: 240_000 },
  async (t) => {
    const ports = [await workerPort(), await workerPort()].toSorted((a, b) => a - b);
    const [first, second] = ports as [number, number];
    // A balancer on a busy machine has to see it in time.
    const servers = [await start(first, 6), await start(second, 6)] as const;
    const balancer = await Balancer.before(ports);
    t.onTestFinished(() => balancer.close());
    const allReady = () => expect.poll(() => balancer.ready, { timeout: 60_000 }).toEqual(ports);
    await allReady();
    const { origin } = servers[0].client;
    const through = new TestServer(
      { url: balancer.url, origin, stop: async () => undefined },
      home.dataDir,
    );
    const end = load(through, 8);
    await terminate(servers[1]);
    await start(second, 0);
    await allReady();
    await terminate(servers[0]);
    const { answered, failed } = await end();
    expect(failed).toEqual([]);
    expect(answered).toBeGreaterThan(100);
  },
);

test('a server that drains is not ready, answers each connection once more, and a second signal ends it', async () => {
  const port = await workerPort();
  const { client, child, exited } = await start(port, 600);
  const key = client.party('Harbour', 'service');
  expect((await client.call(key, 'sanctions.list', {})).headers.connection).toBe('keep-alive');
  child.kill('SIGTERM');
  const codes = async () => {
    const { body } = await client.get('/readyz');
    return (body as { reasons: { code: string }[] }).reasons.map(({ code }) => code);
  };
  await expect.poll(codes, { timeout: 60_000 }).toEqual(['stopping']);
  const { status, headers } = await client.call(key, 'sanctions.list', {});
  expect([status, headers.connection]).toEqual([200, 'close']);
  child.kill('SIGTERM');
  expect(await exited).toBe(130);
});
