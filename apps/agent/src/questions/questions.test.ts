import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { toBase64url } from '@recourse/protocol';
import { RecourseError, type CheckResult, type RecourseErrorCode } from '@recourse/sdk';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { silentLog } from '../log.ts';
import type { KeptCheckOrder } from '../orders/schemas.ts';
import type { QuestionEvent } from './question.ts';
import { QuestionStore } from './question-store.ts';
import { Questions } from './questions.ts';

const hourMs = 3_600_000;
const began = Date.parse('2026-03-01T12:00:00Z');
const secret = toBase64url(new Uint8Array(32).fill(7));

let folder: string;
let now: Date;
let answers: (() => CheckResult)[];
let asked: KeptCheckOrder[];
let told: QuestionEvent[];
let running: Questions[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'recourse-questions-'));
  now = new Date(began);
  answers = [];
  asked = [];
  told = [];
  running = [];
});
afterEach(async () => {
  await Promise.all(running.map((questions) => questions.stop()));
  rmSync(folder, { recursive: true });
});

const order = (ref: string, over: Partial<KeptCheckOrder> = {}): KeptCheckOrder =>
  ({
    purpose: 'signup',
    identifiers: { email: 'canary.person@mail.example' },
    provenAt: new Date(began).toISOString(),
    ref,
    ...over,
  }) as KeptCheckOrder;

const nothing = (): CheckResult =>
  ({
    advice: 'no-record',
    from: 'registry',
    check: 'chk_1',
    validUntil: new Date(began + hourMs),
    matches: [],
  }) as unknown as CheckResult;

const failing = (code: RecourseErrorCode) => (): CheckResult => {
  throw new RecourseError(code);
};
const away = (): CheckResult =>
  ({
    advice: 'unavailable',
    cause: new RecourseError('unavailable'),
    matches: [],
  }) as unknown as CheckResult;

/** An agent's questions: each attempt has the next of `answers`, or finds nothing. */
function open({ start = true } = {}): Questions {
  const questions = new Questions({
    store: new QuestionStore(join(folder, 'questions.sqlite'), secret),
    ask: async (what) => {
      asked.push(what);
      return (answers.shift() ?? nothing)();
    },
    tell: (event) => told.push(event),
    clock: () => now,
    log: silentLog,
  });
  if (start) questions.start();
  running.push(questions);
  return questions;
}

async function stop(questions: Questions): Promise<void> {
  running = running.filter((one) => one !== questions);
  await questions.stop();
}

const stateOf = (questions: Questions, id: string) => questions.get(id)?.state;
const until = (questions: Questions, id: string, state: string): Promise<void> =>
  vi.waitFor(() => expect(stateOf(questions, id)).toBe(state), { timeout: 20_000, interval: 10 });

/** All bytes that lie in the folder. */
const bytesOfFolder = (): string =>
  readdirSync(folder)
    .map((name) => readFileSync(join(folder, name), 'latin1'))
    .join('');

test('a question has one result and one event, whoever asks it again', async () => {
  const questions = open();
  const { id } = questions.take(order('acct-1'));
  await until(questions, id, 'answered');
  expect(questions.take(order('acct-1')).id).toBe(id);
  expect(asked).toHaveLength(1);
  expect(told).toMatchObject([
    { id: `check-${id}`, type: 'check-ended', body: { ref: 'acct-1', advice: 'no-record' } },
  ]);
});

test('a second identifier, another reference and another purpose are other questions', async () => {
  const questions = open();
  const both = { email: 'canary.person@mail.example', phone: '+4915112345678' };
  const ids = [
    order('acct-1'),
    order('acct-1', { identifiers: both }),
    order('acct-2'),
    order('acct-1', { purpose: 'account-recovery' }),
  ].map((one) => questions.take(one).id);
  expect(new Set(ids).size).toBe(4);
  for (const id of ids) await until(questions, id, 'answered');
});

test('it is asked again until the registry is there, and says meanwhile why it waits', async () => {
  answers = [away, away];
  const questions = open();
  const { id } = questions.take(order('acct-1'));
  await vi.waitFor(() =>
    expect(questions.get(id)).toMatchObject({ trouble: { code: 'unavailable' } }),
  );
  await until(questions, id, 'answered');
  expect(asked).toHaveLength(3);
});

test('a stopped party and an empty quota are states of the question, and of no other', async () => {
  answers = [failing('checks-stopped')];
  const questions = open();
  const held = questions.take(order('acct-1'));
  await vi.waitFor(() =>
    expect(questions.get(held.id)).toMatchObject({ trouble: { code: 'checks-stopped' } }),
  );
  const other = questions.take(order('acct-2'));
  await until(questions, other.id, 'answered');
  expect(stateOf(questions, held.id)).toBe('waiting');
  now = new Date(began + 120_000);
  await until(questions, held.id, 'answered');
});

test('what the registry never takes is refused, with what to do', async () => {
  answers = [failing('invalid-input')];
  const questions = open();
  const { id } = questions.take(order('acct-1'));
  await until(questions, id, 'refused');
  expect(questions.get(id)).toMatchObject({ trouble: { code: 'invalid-input' } });
  expect(told).toMatchObject([{ body: { state: 'refused' } }]);
});

test('a proof that grew old while the registry was away is not asked about', async () => {
  const first = open({ start: false });
  const { id } = first.take(order('acct-1'));
  await stop(first);
  now = new Date(began + 24 * hourMs);
  const questions = open();
  expect(stateOf(questions, id)).toBe('not-asked');
  expect([asked.length, told.map(({ body }) => body.state)]).toEqual([0, ['not-asked']]);
});

test('a stop at any point loses none: what waited is asked, what ended is told', async () => {
  const first = open({ start: false });
  const ids = Array.from({ length: 30 }, (_, n) => first.take(order(`acct-${n}`)).id);
  await stop(first);
  const store = new QuestionStore(join(folder, 'questions.sqlite'), secret);
  // As a kill between the answer and its event leaves it.
  store.end(ids[0]!, { state: 'refused', trouble: { code: 'internal', title: '', next: '' } }, now);
  store.close();
  const questions = open();
  for (const id of ids.slice(1)) await until(questions, id, 'answered');
  expect(asked).toHaveLength(29);
  expect(new Set(told.map(({ body }) => body.question))).toEqual(new Set(ids));
  expect(told).toHaveLength(30);
});

test('identifiers are in no file, neither while a question waits nor after it', async () => {
  const first = open({ start: false });
  first.take(order('acct-1'));
  expect(bytesOfFolder()).not.toContain('canary');
  await stop(first);
  const questions = open();
  await until(questions, questions.take(order('acct-1')).id, 'answered');
  await stop(questions);
  expect(bytesOfFolder()).toContain('acct-1');
  expect(bytesOfFolder()).not.toContain('canary');
});

test('with another key the agent does not start; one damaged question keeps no other from being asked', async () => {
  const first = open({ start: false });
  const damaged = first.take(order('acct-1'));
  await stop(first);
  const path = join(folder, 'questions.sqlite');
  const otherKey = toBase64url(new Uint8Array(32).fill(8));
  expect(() => new QuestionStore(path, otherKey)).toThrow('does not open with this key');
  const questions = open({ start: false });
  const db = new DatabaseSync(path);
  db.prepare('update questions set sealed = ? where id = ?').run(Buffer.alloc(64), damaged.id);
  db.close();
  questions.start();
  await until(questions, questions.take(order('acct-2')).id, 'answered');
  expect(stateOf(questions, damaged.id)).toBe('waiting');
});

test('after ninety days nothing is kept of it, and it may be asked anew', async () => {
  const questions = open();
  const { id } = questions.take(order('acct-1'));
  await until(questions, id, 'answered');
  await stop(questions);
  now = new Date(began + 90 * 24 * hourMs);
  const later = open();
  expect(later.get(id)).toBeUndefined();
  expect(bytesOfFolder()).not.toContain('acct-1');
});
