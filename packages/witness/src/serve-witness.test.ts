import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, test } from 'vitest';
import { logSigner, memoryWitnessStore, requestOf, witnessSigner } from '../tests/fixtures.ts';
import { serveWitness, Witness, type ServedWitness, type ServeOptions } from './index.ts';

let served: ServedWitness;
afterEach(() => served.stop());

async function serve(
  signer = witnessSigner,
): Promise<Parameters<Required<ServeOptions>['onAnswer']>[0][]> {
  const answers: Parameters<Required<ServeOptions>['onAnswer']>[0][] = [];
  const witness = new Witness({
    signer,
    logs: [logSigner.key],
    store: memoryWitnessStore(),
    clock: () => new Date(1_000_000),
  });
  const onAnswer = (answer: (typeof answers)[0]) => void answers.push(answer);
  served = await serveWitness({ witness, host: '127.0.0.1', port: 0, onAnswer });
  return answers;
}

const post = (body: Uint8Array | string, path = '/add-checkpoint') =>
  fetch(served.url + path, { method: 'POST', body: Buffer.from(body) });

describe('a witness over HTTP', () => {
  test('cosigns, and says where it is when a log is wrong about that', async () => {
    const answers = await serve();
    const first = await post(await requestOf('a', { oldSize: 0, size: 7 }));
    expect([first.status, await first.text()]).toEqual([
      200,
      expect.stringMatching(/^— witness\.example .+\n$/),
    ]);
    const stale = await post(await requestOf('a', { oldSize: 0, size: 9 }));
    expect([stale.status, stale.headers.get('content-type'), await stale.text()]).toEqual([
      409,
      'text/x.tlog.size',
      '7\n',
    ]);
    expect((await post('nothing')).status).toBe(400);
    expect(answers.map(({ answer }) => [answer.status, answer.asked?.size])).toEqual([
      [200, 7],
      [409, 9],
      [400, undefined],
    ]);
  });

  test('shows its key and its logs', async () => {
    await serve();
    await post(await requestOf('a', { oldSize: 0, size: 7 }));
    const page = await fetch(served.url);
    expect(page.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    expect(await page.text()).toMatch(/^witness\.example\+[0-9a-f]{8}\+.+\n\nlog\.example 7\n$/);
    expect((await fetch(served.url, { method: 'HEAD' })).status).toBe(200);
  });

  test('has no other door', async () => {
    await serve();
    expect((await fetch(`${served.url}/add-checkpoint`)).status).toBe(405);
    expect((await post('', '/')).status).toBe(405);
    expect((await post('', '/other')).status).toBe(404);
    expect((await fetch(`${served.url}/add-checkpoint?old`)).status).toBe(404);
  });

  test('reads no more than a request can have, and answers that', async () => {
    await serve();
    expect((await post(Buffer.alloc(65_536))).status).toBe(400);
    expect((await post(Buffer.alloc(65_537))).status).toBe(413);
    // Whoever goes on sending is cut off, before or after it has read the answer.
    const much = await post(Buffer.alloc(20_000_000)).catch(() => undefined);
    expect(much?.status ?? 413).toBe(413);
    expect((await fetch(served.url)).status).toBe(200);
  });

  test('considers so many at once, and asks the others to come again', async () => {
    let release = (): void => undefined;
    const gate = new Promise<void>((resolve) => (release = resolve));
    const sign = async (message: Uint8Array) => {
      await gate;
      return witnessSigner.sign(message);
    };
    await serve({ ...witnessSigner, sign });
    const body = await requestOf('a', { oldSize: 0, size: 7 });
    const asked = Array.from({ length: 60 }, () => post(body));
    // The first answers can only be refusals: nothing is signed before the gate opens.
    const first = await Promise.race(asked);
    expect([first.status, first.headers.get('retry-after')]).toEqual([503, '1']);
    release();
    const statuses = (await Promise.all(asked)).map(({ status }) => status);
    expect(statuses.filter((status) => status === 503).length).toBeLessThanOrEqual(60 - 32);
    expect(statuses.filter((status) => status === 200)).toHaveLength(1);
  });

  test('tells a fault to its operator, and nobody else', async () => {
    const answers = await serve({
      ...witnessSigner,
      sign: () => Promise.reject(new Error('no HSM')),
    });
    const answer = await post(await requestOf('a', { oldSize: 0, size: 7 }));
    expect([answer.status, await answer.text()]).toEqual([503, 'cannot cosign now\n']);
    expect(answers).toMatchObject([{ fault: { message: 'no HSM' }, answer: { status: 503 } }]);
  });

  test('outlives senders that go away in the middle', async () => {
    await serve();
    const { port } = new URL(served.url);
    const socket = connect(Number(port), '127.0.0.1');
    socket.write('POST /add-checkpoint HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\nold 0');
    await new Promise((resolve) => setTimeout(resolve, 50));
    socket.destroy();
    expect((await post(await requestOf('a', { oldSize: 0, size: 7 }))).status).toBe(200);
  });

  test('cuts off what is no HTTP', async () => {
    await serve();
    const { port } = new URL(served.url);
    const socket = connect(Number(port), '127.0.0.1');
    socket.end('no http\r\n\r\n');
    expect(await text(socket)).toMatch(/^HTTP\/1\.1 400 /);
  });
});
