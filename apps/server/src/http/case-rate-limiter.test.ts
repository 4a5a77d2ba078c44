import { utf8 } from '@recourse/protocol';
import type { CaseAnswer } from '@recourse/registry';
import { expect, test } from 'vitest';
import { CaseRateLimiter } from './case-rate-limiter.ts';

const answers: Record<string, Pick<CaseAnswer, 'status' | 'guessed'>> = {
  right: { status: 200, guessed: false },
  wrong: { status: 404, guessed: true },
};

function limiter() {
  const clock = { now: 0 };
  const heard: string[] = [];
  const slow = new Set<string>();
  const made = new CaseRateLimiter({
    origin: 'https://registry.test',
    now: () => clock.now,
    handler: {
      handle: (op, body) => {
        if (slow.has(op)) return new Promise(() => undefined);
        const text = Buffer.from(body).toString();
        heard.push(text);
        const answer = answers[text] ?? answers['wrong'];
        return Promise.resolve({
          contentType: 'application/json',
          body: '{}',
          status: answer?.status ?? 0,
          guessed: answer?.guessed ?? true,
        });
      },
    },
  });
  const ask = async (secret: string, source = '192.0.2.1', op = 'case.open'): Promise<number> =>
    (await made.hear(source, op, utf8(secret))).status;
  return { ask, clock, heard, slow };
}

test('twenty wrong secrets of a source are told so; from then on it hears only that it is too much', async () => {
  const { ask } = limiter();
  for (let i = 0; i < 20; i++) expect(await ask('wrong')).toBe(404);
  expect(await ask('wrong')).toBe(429);
  expect(await ask('wrong', '192.0.2.2')).toBe(404);
});

test('a right secret is answered from behind an address that guesses', async () => {
  const { ask } = limiter();
  for (let i = 0; i < 100; i++) await ask('wrong');
  for (let i = 0; i < 100; i++) expect(await ask('right')).toBe(200);
});

test('a source that was told to wait may try again after half a minute for each attempt', async () => {
  const { ask, clock } = limiter();
  for (let i = 0; i < 30; i++) await ask('wrong');
  clock.now = 59_000;
  expect(await ask('wrong')).toBe(429);
  clock.now = 61_000;
  expect([await ask('wrong'), await ask('wrong')]).toEqual([404, 404]);
  expect(await ask('wrong')).toBe(429);
});

test('a source asks for ten proofs at once and no more, so that nobody is flooded with mails', async () => {
  const { ask, heard } = limiter();
  for (let i = 0; i < 10; i++) expect(await ask('right', '192.0.2.1', 'case.find')).toBe(200);
  expect(await ask('right', '192.0.2.1', 'case.find')).toBe(429);
  expect(heard).toHaveLength(10);
  expect(await ask('right')).toBe(200);
});

test('who shares an address with a flood waits behind it, and is heard', async () => {
  const { ask } = limiter();
  const flood = Array.from({ length: 1500 }, () => ask('wrong'));
  expect(await ask('right')).toBe(200);
  const statuses = await Promise.all(flood);
  expect(statuses.filter((status) => status === 404)).toHaveLength(20);
  expect(statuses.filter((status) => status === 429)).toHaveLength(1480);
});

test('what waits at one address is bounded by its weight, and so is what waits in all', async () => {
  const never = new CaseRateLimiter({
    origin: 'https://registry.test',
    handler: { handle: () => new Promise(() => undefined) },
  });
  const large = new Uint8Array(64 * 1024);
  const refused: string[] = [];
  const send = (source: string): void =>
    void never.hear(source, 'case.appeal', large).catch(({ code }) => refused.push(code));
  for (let i = 0; i < 2 + 32; i++) send('192.0.2.1');
  await turn();
  expect(refused).toEqual([]);
  send('192.0.2.1');
  await turn();
  expect(refused).toEqual(['quota-exceeded']);
  for (let source = 0; source < 32; source++) {
    for (let i = 0; i < 2 + 32; i++) send(`198.51.100.${source}`);
  }
  await turn();
  expect(new Set(refused.slice(1))).toEqual(new Set(['overloaded']));
  expect(refused.length).toBe(1 + 32);
});

test('proofs that wait for a name server keep nobody from a case', async () => {
  const { ask, slow } = limiter();
  slow.add('case.prove');
  for (let i = 0; i < 20; i++) void ask('right', '192.0.2.1', 'case.prove').catch(() => 'late');
  await turn();
  expect(await ask('right')).toBe(200);
});

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
