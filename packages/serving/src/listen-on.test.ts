import { createServer, get, type Server } from 'node:http';
import { createServer as createSocketServer, type AddressInfo, type ListenOptions } from 'node:net';
import { networkInterfaces } from 'node:os';
import { afterEach, describe, expect, test } from 'vitest';
import { listenOn, type Listening } from './listen-on.ts';

const hasIpv6 = Object.values(networkInterfaces())
  .flat()
  .some((bound) => bound?.address === '::1');

const ends: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

/** Another process: it holds an address, or finds it held. */
async function hold(options: ListenOptions): Promise<number> {
  const other = createSocketServer();
  await new Promise<void>((resolve, reject) => {
    other.once('error', reject).listen(options, resolve);
  });
  ends.push(() => new Promise((resolve) => other.close(resolve)));
  return (other.address() as AddressInfo).port;
}

async function serve(host: string, port = 0): Promise<Listening & { server: Server }> {
  const server = createServer((request, response) => response.end(request.url));
  const listening = await listenOn(server, { host, port });
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => (closing ??= listening.close());
  ends.push(() => {
    server.closeAllConnections();
    return close();
  });
  return { server, port: listening.port, close };
}

const taken = (address: string): unknown =>
  expect.objectContaining({ code: 'EADDRINUSE', address });

describe.runIf(hasIpv6)('a listener on loopback', () => {
  const loopback = ['127.0.0.1', '::1', 'localhost'];
  const all: ListenOptions[] = [
    { host: '127.0.0.1' },
    { host: '::1' },
    { host: '0.0.0.0' },
    { host: '::' },
    { host: '::', ipv6Only: true },
  ];

  test.each([...loopback, '0.0.0.0', '::'])('on %s leaves no address to another', async (host) => {
    const { port } = await serve(host);
    for (const other of all) {
      await expect(hold({ ...other, port })).rejects.toThrow('EADDRINUSE');
    }
  });

  test.each(loopback)('on %s does not start where another holds one', async (host) => {
    const rivals = [
      ['::1', { host: '::1' }],
      ['::1', { host: '::', ipv6Only: true }],
      ['127.0.0.1', { host: '127.0.0.1' }],
      ['127.0.0.1', { host: '0.0.0.0' }],
    ] as const;
    for (const [address, rival] of rivals) {
      const port = await hold({ ...rival, port: 0 });
      await expect(serve(host, port)).rejects.toEqual(taken(address));
      // Nothing is left that would keep the next start off.
      await ends.pop()?.();
      await serve(host, port);
    }
  });

  test('on all addresses of IPv4 does not start where another holds ::1', async () => {
    const port = await hold({ host: '::1', port: 0 });
    await expect(serve('0.0.0.0', port)).rejects.toEqual(taken('::1'));
  });

  test('answers by both, and ends when the last answer of either has left', async () => {
    const { server, port, close } = await serve('127.0.0.1');
    const ask = (host: string): Promise<number | undefined> =>
      new Promise((resolve, reject) => {
        get({ host, port, agent: false }, (answer) => {
          answer.resume().once('end', () => resolve(answer.statusCode));
        }).once('error', reject);
      });
    expect([await ask('127.0.0.1'), await ask('::1')]).toEqual([200, 200]);
    server.removeAllListeners('request');
    const arrived = new Promise<() => void>((resolve) => {
      server.once('request', (_, response) => resolve(() => response.end()));
    });
    const answered = ask('::1');
    const answer = await arrived;
    let isClosed = false;
    const closed = close().then(() => (isClosed = true));
    await expect(ask('::1')).rejects.toThrow('ECONNREFUSED');
    expect(isClosed).toBe(false);
    answer();
    expect([await answered, await closed]).toEqual([200, true]);
  });
});

test('another address is held alone', async () => {
  const { port } = await serve('127.0.0.2');
  expect(await hold({ host: '127.0.0.1', port })).toBe(port);
});
