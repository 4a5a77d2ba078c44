import { jcs, utf8, type Entry } from '@recourse/protocol';
import { expect, it } from 'vitest';
import { Replay } from './replay.ts';

const hash = (n: number): string => Buffer.alloc(32, n).toString('base64url');
const at = '2026-03-01T00:00:00Z';
const disclosure: Entry = { v: 1, type: 'sanction-disclosed', at, pair: hash(1), digest: hash(2) };
const recall: Entry = { v: 1, type: 'recall-issued', at, pair: hash(1), digest: hash(3) };
const options = {
  origin: 'https://registry.example',
  logJwk: { kty: 'OKP', crv: 'Ed25519', x: hash(4) },
} as const;

it('a state that was kept is not changed by what is read later', async () => {
  const replay = new Replay(options);
  await replay.apply(utf8(jcs(disclosure)), 0);
  const state = replay.state;
  const before = structuredClone(state);
  await replay.apply(utf8(jcs(recall)), 1);
  await replay.apply(utf8('{}'), 2);
  expect(state).toEqual(before);
  expect(replay.summary.recalls.issued).toBe(1);
  expect(replay.findings().map(({ code }) => code)).toEqual(['entry-invalid', 'recalls-mismatch']);
});
