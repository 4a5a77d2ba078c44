import { blind, BlindError, finalize, ready, token, tokenInput } from '@recourse/blind';
import { deriveKeyPair, evaluateBatch, evaluateToken } from '@recourse/blind/server';
import { fromBase64url, toBase64url } from '@recourse/protocol';
import { beforeAll, describe, expect, test } from 'vitest';
import { createTokenService, type SecretEpoch, type TokenServiceOptions } from './token-service.ts';

const now = new Date('2026-03-01T12:00:00Z');
const day = 86_400_000;
const at = (days: number): Date => new Date(now.getTime() + days * day);
const pool: TokenServiceOptions['pool'] = { evaluate: async (batch) => evaluateBatch(batch) };
const input = tokenInput('email', 'a@example.org');

beforeAll(() => ready());

const keysOf = (epoch: number) => deriveKeyPair(new Uint8Array(32).fill(epoch), `epoch ${epoch}`);

const epoch = (number: number, over: Partial<SecretEpoch> = {}): SecretEpoch => ({
  epoch: number,
  ...keysOf(number),
  opensAt: at(-1),
  ...over,
});

const service = (epochs: SecretEpoch[], over: Partial<TokenServiceOptions> = {}) =>
  createTokenService({
    epochs: () => epochs,
    publicKeyOf: () => undefined,
    pool,
    clock: () => now,
    ...over,
  });

const ask = (): { blinds: Uint8Array[]; blinded: Uint8Array[]; sent: string[] } => {
  const { blinds, blinded } = blind([input]);
  return { blinds, blinded, sent: blinded.map(toBase64url) };
};

test('what it evaluates verifies under the published key, and unblinds to the token', async () => {
  const tokens = service([epoch(1), epoch(2)]);
  const [published] = tokens.epochs();
  const { blinds, blinded, sent } = ask();
  const { elements, proof } = await tokens.evaluate(1, sent);
  const outputs = finalize({
    inputs: [input],
    blinds,
    blinded,
    evaluated: elements.map(fromBase64url),
    proof: fromBase64url(proof),
    publicKey: fromBase64url(published?.publicKey ?? ''),
  });
  expect(outputs.map(token)[0]).toEqual(evaluateToken(keysOf(1).secretKey, input));
});

test('an epoch tells nothing of its secret', () => {
  const [published] = service([epoch(1, { closesAt: at(9) })]).epochs();
  expect(Object.keys(published ?? {}).sort()).toEqual([
    'closesAt',
    'epoch',
    'opensAt',
    'publicKey',
  ]);
});

test('an epoch without a successor says no end, and is live from the instant it opens', () => {
  const published = service([epoch(1, { opensAt: now })]).epochs();
  expect(published.map((one) => Object.keys(one).sort())).toEqual([
    ['epoch', 'opensAt', 'publicKey'],
  ]);
});

test('it says of which epochs this server has the secret, by their public keys', () => {
  const tokens = service([], { publicKeyOf: (number) => (number === 2 ? 'key' : undefined) });
  expect([tokens.publicKeyOf(2), tokens.publicKeyOf(1)]).toEqual(['key', undefined]);
});

describe('an epoch that is not live is unknown', () => {
  test.each([
    ['not there', 9, {}],
    ['not open yet', 1, { opensAt: at(1) }],
    ['closed now', 1, { closesAt: now }],
  ])('%s', async (_, asked, over) => {
    const tokens = service([epoch(1, over)]);
    await expect(tokens.evaluate(asked, ask().sent)).rejects.toMatchObject({
      code: 'unknown-epoch',
    });
    expect(tokens.epochs().map((one) => one.epoch)).toEqual(asked === 1 ? [] : [1]);
  });
});

describe('what cannot be evaluated', () => {
  test('no element of the group is the caller’s fault', async () => {
    for (const bytes of [new Uint8Array(32), new Uint8Array(32).fill(255)]) {
      await expect(service([epoch(1)]).evaluate(1, [toBase64url(bytes)])).rejects.toMatchObject({
        code: 'invalid-input',
        issues: [{ path: 'blinded', code: 'element-invalid' }],
      });
    }
  });

  test('a batch of nothing is the caller’s fault', async () => {
    await expect(service([epoch(1)]).evaluate(1, [])).rejects.toMatchObject({
      code: 'invalid-input',
      issues: [{ path: 'blinded', code: 'batch-invalid' }],
    });
  });

  test.each(['overloaded', 'closed', 'worker-failed'] as const)(
    '%s asks for a later try',
    async (code) => {
      const broken = { evaluate: () => Promise.reject(new BlindError(code, code)) };
      await expect(service([epoch(1)], { pool: broken }).evaluate(1, [])).rejects.toMatchObject({
        code: 'overloaded',
        retryAfterSeconds: 1,
      });
    },
  );

  test('a fault stays a fault', async () => {
    const broken = { evaluate: () => Promise.reject(new RangeError('?')) };
    await expect(service([epoch(1)], { pool: broken }).evaluate(1, [])).rejects.toThrow(RangeError);
  });
});

test('a live epoch whose secret is missing here is answered elsewhere, and not as if it were none', async () => {
  const tokens = service([epoch(1, { secretKey: undefined })]);
  expect(tokens.epochs()).toHaveLength(1);
  await expect(tokens.evaluate(1, ask().sent)).rejects.toMatchObject({
    code: 'overloaded',
    retryAfterSeconds: 60,
  });
});
