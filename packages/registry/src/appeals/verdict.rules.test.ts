import type { Decision } from '@recourse/protocol';
import { expect, test } from 'vitest';
import { verdictOf, type Vote } from './verdict.rules.ts';

const vote = (decision: Partial<Decision>): Vote => ({
  artefact: JSON.stringify(decision),
  decision: decision as Decision,
});
const upheld = vote({ outcome: 'upheld' });
const error = vote({ outcome: 'reversed', cause: 'error' });
const victim = vote({ outcome: 'reversed', cause: 'victim' });
const amended = (of: Partial<Decision>): Vote => vote({ outcome: 'amended', ...of });
const live = { ended: false };

test('one reviewer decides alone', () => {
  for (const later of [upheld, amended({ exp: 1 }), vote({ outcome: 'dismissed' })]) {
    expect(verdictOf({ later }, live)).toEqual({ outcome: later.decision.outcome, vote: later });
  }
  expect(verdictOf({ later: error }, live)).toMatchObject({ outcome: 'reversed', cause: 'error' });
});

test('disagreement reverses, whoever came first', () => {
  const one = { outcome: 'reversed', cause: 'error', vote: error };
  expect(verdictOf({ later: error, earlier: upheld }, live)).toEqual(one);
  expect(verdictOf({ later: upheld, earlier: error }, live)).toEqual(one);
});

test('both find it wrong: the cause of the later', () => {
  expect(verdictOf({ later: victim, earlier: error }, live)).toMatchObject({ cause: 'victim' });
});

test('disagreement without a cause is insufficient evidence, and nobody decided that', () => {
  for (const [later, earlier] of [
    [upheld, amended({ exp: 1 })],
    [upheld, vote({ outcome: 'dismissed' })],
    [amended({ exp: 1 }), amended({ exp: 2 })],
    [amended({ reason: 'fraud.scam' }), amended({ exp: 2 })],
    [amended({ detach: [1] }), amended({ detach: [1, 2] })],
  ] as const) {
    expect(verdictOf({ later, earlier }, live)).toEqual({
      outcome: 'reversed',
      cause: 'insufficient-evidence',
      vote: undefined,
    });
  }
});

test('what both say stands', () => {
  const later = amended({ exp: 1, detach: [2, 1] });
  const earlier = amended({ exp: 1, detach: [1, 2] });
  expect(verdictOf({ later, earlier }, live)).toEqual({ outcome: 'amended', vote: later });
});

test('on an ended record: a finding', () => {
  const ended = { ended: true };
  expect(verdictOf({ later: upheld, earlier: error }, ended)).toMatchObject({ outcome: 'finding' });
  expect(verdictOf({ later: upheld, earlier: amended({ exp: 1 }) }, ended)).toMatchObject({
    outcome: 'finding',
    cause: 'insufficient-evidence',
  });
  expect(verdictOf({ later: upheld, earlier: upheld }, ended)).toMatchObject({ outcome: 'upheld' });
});

test('a reversal without a cause is none that anybody decided', () => {
  const causeless = vote({ outcome: 'reversed' });
  const nobody = { outcome: 'reversed', cause: 'insufficient-evidence', vote: undefined };
  expect(verdictOf({ later: causeless }, live)).toEqual(nobody);
  expect(verdictOf({ later: vote({ outcome: 'finding' }) }, { ended: true })).toEqual({
    ...nobody,
    outcome: 'finding',
  });
});

test('amendments are the same in every member', () => {
  const pair = (later: Vote, earlier: Vote) => verdictOf({ later, earlier }, live).outcome;
  expect(pair(amended({ reason: 'fraud.scam' }), amended({ reason: 'fraud.scam' }))).toBe(
    'amended',
  );
  expect(pair(amended({ reason: 'fraud.scam' }), amended({ reason: 'fraud.payment' }))).toBe(
    'reversed',
  );
  expect(pair(amended({ detach: [1, 2] }), amended({ detach: [1] }))).toBe('reversed');
  expect(pair(amended({ detach: [1] }), amended({}))).toBe('reversed');
});
