import { Hono } from 'hono';
import { expect, test } from 'vitest';
import type { HttpContext, HttpEnv } from './context.ts';
import { Changes } from './changes.ts';
import { PublicDocument } from './public-document.ts';

/** A document whose rows can be changed, be slow and be away. */
function served() {
  const state = { at: 0, text: 'one', reads: 0, slow: Promise.resolve(), isAway: false };
  const changes = new Changes();
  const document = new PublicDocument({
    make: async () => {
      state.reads++;
      const { text } = state;
      await state.slow;
      if (state.isAway) throw new Error('away');
      return text;
    },
    headers: { 'Content-Type': 'application/json' },
    changes,
    now: () => state.at,
  });
  const app = new Hono<HttpEnv>();
  app.get('/', async (c: HttpContext) => (await document.answer(c)) ?? c.body(null, 404));
  const get = async (headers: Record<string, string> = {}) => {
    const answer = await app.request('/', { headers });
    return { status: answer.status, text: await answer.text(), tag: answer.headers.get('etag')! };
  };
  return { state, changes, get };
}

test('however many read it, the rows are read once', async () => {
  const { state, get } = served();
  const answers = await Promise.all(Array.from({ length: 100 }, () => get()));
  expect(new Set(answers.map(({ text }) => text))).toEqual(new Set(['one']));
  expect(state.reads).toBe(1);
});

test('what this server changed is in the next answer, also when it changed while rows were read', async () => {
  const { state, changes, get } = served();
  await get();
  let goOn!: () => void;
  state.slow = new Promise((resolve) => (goOn = resolve));
  changes.note();
  const early = get();
  state.text = 'two';
  changes.note();
  const late = get();
  goOn();
  await early;
  expect((await late).text).toBe('two');
  expect(state.reads).toBe(3);
});

test('what others changed is seen within a second', async () => {
  const { state, get } = served();
  await get();
  state.text = 'two';
  state.at = 999;
  expect((await get()).text).toBe('one');
  state.at = 1001;
  expect((await get()).text).toBe('two');
});

test('bytes that did not change keep their tag, and are not sent again', async () => {
  const { state, changes, get } = served();
  const { tag } = await get();
  changes.note();
  for (const known of [tag, `W/${tag}`, `"x", ${tag}`, '*']) {
    expect(await get({ 'If-None-Match': known })).toEqual({ status: 304, text: '', tag });
  }
  state.text = 'two';
  changes.note();
  const changed = await get({ 'If-None-Match': tag });
  expect([changed.status, changed.text]).toEqual([200, 'two']);
});

test('a database that is away leaves the last bytes, and refuses where there are none', async () => {
  const { state, changes, get } = served();
  state.isAway = true;
  expect((await get()).status).toBe(500);
  state.isAway = false;
  await get();
  state.isAway = true;
  changes.note();
  expect(await get()).toMatchObject({ status: 200, text: 'one' });
});

test('packed bytes have a tag of their own', async () => {
  const { state, get } = served();
  state.text = 'x'.repeat(10_000);
  const plain = await get();
  const packed = await get({ 'Accept-Encoding': 'gzip' });
  expect(packed.text.length).toBeLessThan(200);
  expect(packed.tag).not.toBe(plain.tag);
});
