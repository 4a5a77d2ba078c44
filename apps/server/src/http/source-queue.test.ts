import { Problem } from '@recourse/protocol';
import { expect, test } from 'vitest';
import { SourceQueue } from './source-queue.ts';

/** Work that ends when it is told to. */
function held() {
  const ends: (() => void)[] = [];
  const work = (): Promise<void> => new Promise((resolve) => ends.push(resolve));
  return { ends, work };
}

const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'done',
    (error: unknown) => (error instanceof Problem ? error.code : 'other'),
  );

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('a source has two in flight and some waiting, and a third source is not kept waiting by them', async () => {
  const queue = new SourceQueue({ perSource: 2, waiting: 2 });
  const { ends, work } = held();
  const floods = Array.from({ length: 50 }, () => codeOf(queue.run('flood', work)));
  await turn();
  expect(ends).toHaveLength(2);
  expect(await queue.run('creator', () => Promise.resolve('heard'))).toBe('heard');
  for (let i = 0; i < 4; i++) {
    ends[i]?.();
    await turn();
  }
  const answers = await Promise.all(floods);
  expect(answers.filter((answer) => answer === 'done')).toHaveLength(4);
  expect(answers.filter((answer) => answer === 'quota-exceeded')).toHaveLength(46);
});

test('who waits too long is told so, and its place is free', async () => {
  const queue = new SourceQueue({ perSource: 1, waiting: 1, waitMs: 5 });
  const { ends, work } = held();
  const first = codeOf(queue.run('a', work));
  expect(await codeOf(queue.run('a', work))).toBe('quota-exceeded');
  ends[0]?.();
  expect(await first).toBe('done');
  expect(await codeOf(queue.run('a', () => Promise.resolve()))).toBe('done');
});

test('all sources together have a bound', async () => {
  const queue = new SourceQueue({ perSource: 2, waiting: 2, total: 3 });
  const { ends, work } = held();
  const running = ['a', 'a', 'b'].map((source) => codeOf(queue.run(source, work)));
  await turn();
  expect(await codeOf(queue.run('c', work))).toBe('overloaded');
  for (const end of ends) end();
  expect(await Promise.all(running)).toEqual(['done', 'done', 'done']);
  expect(await codeOf(queue.run('c', () => Promise.resolve()))).toBe('done');
});

test('work that throws gives its place back, and no source is remembered without a request', async () => {
  const queue = new SourceQueue({ perSource: 1, waiting: 1 });
  for (let i = 0; i < 3; i++) {
    expect(await codeOf(queue.run('a', () => Promise.reject(new Error('no'))))).toBe('other');
  }
  expect(queue.sources).toBe(0);
});
