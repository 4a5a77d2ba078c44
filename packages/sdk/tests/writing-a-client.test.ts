import { readFileSync } from 'node:fs';
import { ready } from '@recourse/blind';
import { verifyReceipt, type PublicJwk } from '@recourse/protocol';
import { beforeAll, expect, test } from 'vitest';
import { clientVectors, type VectorInput } from './client-vectors.ts';

const read = (path: string): string =>
  readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');

const { given, expected } = JSON.parse(read('packages/protocol/vectors/call.json')) as {
  given: VectorInput;
  expected: Record<string, string>;
};
const page = read('docs/writing-a-client.md');
const blocks = [...page.matchAll(/^```text ([a-z-]+)\n([^]*?)\n```$/gm)].map(
  ([, name = '', text = '']) => [name, text] as const,
);

beforeAll(ready);

test('the vectors are what the packages make of what is given', async () => {
  expect(await clientVectors(given)).toEqual(expected);
});

test('every value on the page is the vector of its name', () => {
  expect(page.match(/```/g)).toHaveLength(2 * blocks.length);
  expect(blocks.length).toBeGreaterThan(20);
  expect(Object.fromEntries(blocks)).toEqual(
    Object.fromEntries(blocks.map(([name]) => [name, expected[name]])),
  );
});

test('what the page leaves out is part of what it shows', () => {
  const shown = new Set(blocks.map(([name]) => name));
  const text = blocks.map(([, block]) => block).join('\n');
  const missing = Object.entries(expected).filter(
    ([name, value]) => !shown.has(name) && !text.includes(value),
  );
  expect(missing).toEqual([]);
});

test('the receipt of the page is one that this package takes', async () => {
  const { iss, jti, op, aud } = given.call;
  const hashes = { req: expected['request-hash']!, res: expected['answer-hash']! };
  const { entry } = await verifyReceipt(expected['receipt']!, {
    leaf: { iss, jti, op, ...hashes, status: 200 },
    issuer: aud,
    jwk: JSON.parse(expected['receipt-key']!) as PublicJwk,
  });
  expect(entry).toBe(expected['ledger-entry-hash']);
});
