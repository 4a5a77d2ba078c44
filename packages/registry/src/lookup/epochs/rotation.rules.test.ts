import { expect, test } from 'vitest';
import {
  beforeClosesAt,
  opensWithin,
  refuseRotation,
  type RotationFacts,
} from './rotation.rules.ts';

const now = new Date('2026-06-01T12:00:00Z');
const at = (days: number, milliseconds = 0): Date =>
  new Date(now.getTime() + days * 86_400_000 + milliseconds);
const facts: RotationFacts = {
  now,
  newest: { epoch: 3, opensAt: at(-100) },
  opensAt: at(10),
  held: true,
};
const refused = (of: Partial<RotationFacts> = {}, epoch = 4) => {
  const problem = refuseRotation({ epoch }, { ...facts, ...of });
  return problem && [problem.code, problem.issues?.[0]?.path, problem.issues?.[0]?.code];
};

test('one epoch follows the other', () => {
  expect(refused()).toBeUndefined();
  for (const epoch of [2, 3, 5]) {
    expect(refused({}, epoch)).toEqual(['invalid-input', 'epoch', 'not-the-next']);
  }
});

test('an epoch lasts 90 days or more, so that platforms have time to make their tokens anew', () => {
  expect(refused({ newest: { epoch: 3, opensAt: at(-80) } })).toBeUndefined();
  expect(refused({ newest: { epoch: 3, opensAt: at(-80, 1) } })).toEqual([
    'invalid-input',
    'opensAt',
    'epoch-too-short',
  ]);
});

test('nobody is surprised by a key: it is announced a day before it opens, and 90 days at most', () => {
  expect(refused({ opensAt: at(1) })).toBeUndefined();
  expect(refused({ opensAt: at(1, -1) })).toEqual(['invalid-input', 'opensAt', 'too-soon']);
  expect(refused({ opensAt: at(90) })).toBeUndefined();
  expect(refused({ opensAt: at(90, 1) })).toEqual(['invalid-input', 'opensAt', 'too-late']);
});

test('a key whose secret nobody has opens no epoch: no check would be answered', () => {
  expect(refused({ held: false })).toEqual(['state-conflict', 'publicKey', 'no-secret']);
});

test('what may be chosen for an opening is what is not refused', () => {
  for (const opened of [-100, -89.5, -80, 20]) {
    const newest = { epoch: 3, opensAt: at(opened) };
    const { from, until } = opensWithin(newest, now);
    const isOpen = from <= until;
    expect(isOpen).toBe(opened < 0);
    expect(refused({ newest, opensAt: from }) === undefined).toBe(isOpen);
    expect(refused({ newest, opensAt: new Date(from.getTime() - 1) })).toBeDefined();
    expect(refused({ newest, opensAt: until }) === undefined).toBe(isOpen);
    expect(refused({ newest, opensAt: new Date(until.getTime() + 1) })).toBeDefined();
  }
});

test('the epoch before stays open for 14 days', () => {
  expect(beforeClosesAt(now)).toEqual(at(14));
});
