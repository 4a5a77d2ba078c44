import { setImmediate } from 'node:timers/promises';
import type { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { blind, finalize, token, tokenInput } from './client.ts';
import { deriveKeyPair, evaluateToken } from './evaluate.ts';
import { EvaluationPool } from './evaluation-pool.ts';
import { ready } from './suite.ts';

/** Every thread that a pool of this file has started and that has not ended. */
const alive = new Set<Worker>();
const onWorker = (worker: Worker): void => {
  alive.add(worker);
  worker.on('exit', () => alive.delete(worker));
};

beforeAll(ready);
beforeAll(() => void process.on('worker', onWorker));
afterAll(() => void process.off('worker', onWorker));

const keys = () => deriveKeyPair(new Uint8Array(32).fill(3), 'pool');

test('concurrent batches each get their own evaluation', async () => {
  const pool = new EvaluationPool({ threads: 2, queue: 64 });
  const rounds = Array.from({ length: 20 }, async (_, n) => {
    const inputs = [
      tokenInput('email', `a${n}@example.com`),
      tokenInput('email', `b${n}@example.com`),
    ];
    const { blinds, blinded } = blind(inputs);
    const { evaluated, proof } = await pool.evaluate({ ...keys(), blinded });
    const outputs = finalize({ inputs, blinds, blinded, evaluated, proof, ...keys() });
    expect(outputs.map(token)).toEqual(
      inputs.map((input) => evaluateToken(keys().secretKey, input)),
    );
  });
  await Promise.all(rounds);
  await pool.close();
});

test('a refused batch harms no other, and keeps its code', async () => {
  const pool = new EvaluationPool({ threads: 1 });
  const evaluate = (...blinded: Uint8Array[]) => pool.evaluate({ ...keys(), blinded });
  const bad = evaluate(new Uint8Array(32));
  const good = evaluate(keys().publicKey);
  await expect(bad).rejects.toMatchObject({ code: 'element-invalid' });
  expect((await good).evaluated).toHaveLength(1);
  await pool.close();
});

test('elements of other lengths are not put together to one', async () => {
  const pool = new EvaluationPool({ threads: 1 });
  const { publicKey } = keys();
  const blinded = [publicKey.subarray(1), publicKey.subarray(0, 1)];
  await expect(pool.evaluate({ ...keys(), blinded })).rejects.toMatchObject({
    code: 'element-invalid',
  });
  await pool.close();
});

test('more than the queue holds is refused as overloaded', async () => {
  const pool = new EvaluationPool({ threads: 1, queue: 2 });
  const batch = { ...keys(), blinded: [keys().publicKey] };
  const results = await Promise.allSettled(Array.from({ length: 8 }, () => pool.evaluate(batch)));
  expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(3);
  expect(results.at(-1)).toMatchObject({ reason: { code: 'overloaded' } });
  await pool.close();
});

test('closing finishes what was accepted and refuses the rest', async () => {
  const pool = new EvaluationPool({ threads: 1 });
  const batch = { ...keys(), blinded: [keys().publicKey] };
  const accepted = [pool.evaluate(batch), pool.evaluate(batch)];
  const closed = pool.close();
  await expect(pool.evaluate(batch)).rejects.toMatchObject({ code: 'closed' });
  await closed;
  expect((await Promise.all(accepted)).length).toBe(2);
});

test('a pool without a queue still takes one batch a thread', async () => {
  const pool = new EvaluationPool({ threads: 1, queue: 0 });
  const batch = { ...keys(), blinded: [keys().publicKey] };
  const [first, second] = await Promise.allSettled([pool.evaluate(batch), pool.evaluate(batch)]);
  expect(first).toMatchObject({ status: 'fulfilled' });
  expect(second).toMatchObject({ reason: { code: 'overloaded' } });
  await pool.close();
});

test('a thread that dies takes its own batch only, and is replaced', async () => {
  const pool = new EvaluationPool({ threads: 1 });
  const batch = { ...keys(), blinded: [keys().publicKey] };
  const lost = pool.evaluate(batch);
  const next = pool.evaluate(batch);
  const first = await onlyThread();
  const [refused] = await Promise.allSettled([lost, first.terminate()]);
  expect(refused).toMatchObject({ reason: { code: 'worker-failed' } });
  expect((await next).evaluated).toHaveLength(1);
  expect(alive.has(first)).toBe(false);
  await pool.close();
});

test('a thread that dies at rest is missed by nobody', async () => {
  const pool = new EvaluationPool({ threads: 1 });
  await (await onlyThread()).terminate();
  const { evaluated } = await pool.evaluate({ ...keys(), blinded: [keys().publicKey] });
  expect(evaluated).toHaveLength(1);
  await pool.close();
});

test('closing leaves no thread, however often it is asked', async () => {
  const pool = new EvaluationPool({ threads: 2 });
  const accepted = pool.evaluate({ ...keys(), blinded: [keys().publicKey] });
  await setImmediate();
  expect(alive.size).toBe(2);
  await Promise.all([pool.close(), pool.close()]);
  await pool.close();
  expect((await accepted).evaluated).toHaveLength(1);
  expect(alive.size).toBe(0);
});

/** Node.js tells of a new thread one tick after its start. */
async function onlyThread(): Promise<Worker> {
  await setImmediate();
  expect(alive.size).toBe(1);
  return [...alive].at(0)!;
}
