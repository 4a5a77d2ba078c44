import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { postToWitness } from '../src/ledger/post-to-witness.ts';
import { newTestWitness, type TestWitness } from './test-witness.ts';

let witness: TestWitness;
let elsewhere: TestWitness;
beforeEach(async () => {
  witness = await newTestWitness('w.example');
  elsewhere = await newTestWitness('e.example');
  await witness.up();
  await elsewhere.up();
});
afterEach(async () => {
  await witness.down();
  await elsewhere.down();
});

const post = (url: string, options: { ms?: number; resolve?: () => Promise<string[]> } = {}) => {
  const { ms = 5_000, resolve } = options;
  const rules = { sandbox: true, ...(resolve ? { resolve } : {}) };
  return postToWitness(url, { body: 'old 0\n\n', signal: AbortSignal.timeout(ms), rules });
};
const failure = (work: Promise<unknown>): Promise<{ code?: string; name?: string }> =>
  work.then(
    () => ({ code: 'answered' }),
    (error: { code?: string; name?: string }) => error,
  );

describe('what a witness is sent', () => {
  test('goes to the address that was checked: the name is looked up once', async () => {
    let lookups = 0;
    const resolve = async () => (lookups++ === 0 ? ['127.0.0.1'] : ['169.254.169.254']);
    witness.answer = (_request, response) => void response.end('0\n');
    const url = `http://rebinds.test:${witness.port}/w/add-checkpoint`;
    const { status, body } = await post(url, { resolve });
    expect([status, body.toString(), lookups, witness.asked]).toEqual([
      200,
      '0\n',
      1,
      ['old 0\n\n'],
    ]);
  });

  test('is not sent on where it redirects to', async () => {
    witness.answer = (_request, response) =>
      void response.writeHead(307, { Location: elsewhere.url }).end();
    expect((await post(witness.url)).status).toBe(307);
    expect(elsewhere.asked).toEqual([]);
  });
});

describe('what a witness answers is read', () => {
  test('as far as it is small', async () => {
    witness.answer = (_request, response) => {
      response.writeHead(200);
      const more = (): void => {
        while (!response.destroyed && response.write(Buffer.alloc(65_536)));
        if (!response.destroyed) response.once('drain', more);
      };
      more();
    };
    expect((await failure(post(witness.url))).code).toBe('too-large');
  });

  test.each([
    ['never', () => undefined],
    [
      'byte by byte, without end',
      (response: { write(text: string): void }) => {
        const dripping = setInterval(() => response.write('0'), 20);
        setTimeout(() => clearInterval(dripping), 3_000);
      },
    ],
  ])('for a bounded time: %s', async (_, drip) => {
    witness.answer = (_request, response) => drip(response);
    const error = await failure(post(witness.url, { ms: 300 }));
    expect([error.name, error.code].join(' ')).toMatch(/Timeout|Abort|ABORT/);
  });

  test('also where the name server never answers', async () => {
    const resolve = () => new Promise<string[]>(() => undefined);
    const error = await failure(post('http://slow.test/', { ms: 300, resolve }));
    expect(error.name).toBe('TimeoutError');
  });
});
