import { beforeAll, expect, test } from 'vitest';
import { blind, finalize, token, tokenInput } from './client.ts';
import { deriveKeyPair, evaluateToken } from './evaluate.ts';
import { EvaluationPool } from './evaluation-pool.ts';
import { ready } from './suite.ts';

beforeAll(ready);

const keys = () => deriveKeyPair(new Uint8Array(32).fill(3), 'pool');

test('concurrent batches each get their own evaluation', async () => {
  const pool = new EvaluationPool({ threads: 2, queue: 64 });
  const rounds = Array.from({ length: 20 }, async (_, n) => {
    const inputs = [tokenInput('email', `a${n}@example.com`), tokenInput('email', `b${n}@example.com`)];
    const { blinds, blinded } = blind(inputs);
    const { evaluated, proof } = await pool.evaluate({ ...keys(), blinded });
    const outputs = finalize({ inputs, blinds, blinded, evaluated, proof, ...keys() });
    expect(outputs.map(token)).toEqual(inputs.map((input) => evaluateToken(keys().secretKey, input)));
  });
  await Promise.all(rounds);
  await pool.close();
});

test('a refused batch harms no other, and keeps its code', async () => {
  const pool = new EvaluationPool({ threads: 1 });
  const bad = pool.evaluate({ ...keys(), blinded: [new Uint8Array(32)] });
  const good = pool.evaluate({ ...keys(), blinded: [keys().publicKey] });
  await expect(bad).rejects.toMatchObject({ code: 'element-invalid' });
  expect((await good).evaluated).toHaveLength(1);
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
