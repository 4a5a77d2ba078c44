import { afterEach, expect, it, vi } from 'vitest';
import { LogSource } from './log-source.ts';

afterEach(() => vi.unstubAllGlobals());

/** Answers every request so; @returns what was asked for */
function answering(answer: () => Response): string[] {
  const asked: string[] = [];
  vi.stubGlobal('fetch', async (url: string) => {
    asked.push(url);
    return answer();
  });
  return asked;
}
const source = new LogSource('https://copy.example/');

it('reads a file whole, and none where there is none', async () => {
  const asked = answering(() => new Response(new Uint8Array([1, 2, 3])));
  expect(await source.checkpoint()).toEqual(new Uint8Array([1, 2, 3]));
  expect(asked).toEqual(['https://copy.example/ledger/checkpoint']);
  answering(() => new Response(null, { status: 404 }));
  expect(await source.checkpoint()).toBeUndefined();
});

it('takes what was asked for from the full file, where a copy has dropped the partial one', async () => {
  const asked = answering(() =>
    asked.length === 1 ? new Response(null, { status: 404 }) : new Response(new Uint8Array(64)),
  );
  const tile = { level: 0, index: 0, width: 1 };
  expect(await source.file(tile, (full) => full.subarray(0, 32))).toEqual(new Uint8Array(32));
  expect(asked.map((url) => new URL(url).pathname)).toEqual([
    '/ledger/tile/0/000.p/1',
    '/ledger/tile/0/000',
  ]);
});

it('gives up on who answers without end, or nothing', async () => {
  let isCancelled = false;
  const endless = (): ReadableStream<Uint8Array> =>
    new ReadableStream({
      pull: (controller) => controller.enqueue(new Uint8Array(4_000_000)),
      cancel: () => {
        isCancelled = true;
      },
    });
  const asked = answering(() => new Response(endless()));
  await expect(source.checkpoint()).rejects.toMatchObject({ code: 'registry-unreachable' });
  expect([asked.length, isCancelled]).toEqual([3, true]);
  answering(() => new Response(null, { status: 503 }));
  await expect(source.checkpoint()).rejects.toMatchObject({
    code: 'registry-unreachable',
    message: 'https://copy.example does not serve its ledger.',
  });
});
