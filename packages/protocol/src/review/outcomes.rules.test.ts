import { expect, test } from 'vitest';
import { whyClosed, type OutcomeFacts } from './outcomes.rules.ts';

const now = new Date('2026-06-03T10:00:00Z');
const at = (days: number): Date => new Date(now.getTime() + days * 86_400_000);
const facts: OutcomeFacts = {
  now,
  openedAt: at(-2),
  ended: false,
  evidenceConfirmed: true,
  gists: [{ dueAt: at(1), answered: true }],
};

test('a live record is upheld, amended, reversed or dismissed; an ended one upheld or found wrong', () => {
  expect(whyClosed('amended', facts)).toBeUndefined();
  expect(whyClosed('finding', facts)).toBe('record-live');
  expect(whyClosed('finding', { ...facts, ended: true })).toBeUndefined();
  expect(whyClosed('upheld', { ...facts, ended: true })).toBeUndefined();
  expect(whyClosed('reversed', { ...facts, ended: true })).toBe('record-ended');
});

test('nothing is upheld before the evidence is confirmed and the creator had a gist and time to answer', () => {
  expect(whyClosed('upheld', { ...facts, evidenceConfirmed: false })).toBe('not-confirmed');
  expect(whyClosed('upheld', { ...facts, gists: [] })).toBe('no-gist');
  const gists = [{ dueAt: at(1), answered: false }];
  expect(whyClosed('amended', { ...facts, gists })).toBe('gist-unanswered');
  expect(whyClosed('amended', { ...facts, gists, now: at(1) })).toBeUndefined();
  // One answer is enough: the creator was heard.
  const later = [...gists, { dueAt: at(1), answered: true }];
  expect(whyClosed('upheld', { ...facts, gists: later })).toBe('gist-unanswered');
  expect(whyClosed('upheld', { ...facts, gists: later, now: at(1) })).toBeUndefined();
  expect(whyClosed('reversed', { ...facts, evidenceConfirmed: false, gists: [] })).toBeUndefined();
});

test('an appeal is dismissed within five days of its opening, or not at all', () => {
  expect(whyClosed('dismissed', facts)).toBeUndefined();
  expect(whyClosed('dismissed', { ...facts, openedAt: at(-8) })).toBe('too-late');
  // The deadline itself is in time: five days after a Wednesday are a Monday.
  const atDeadline = { ...facts, openedAt: now, now: at(5) };
  expect(whyClosed('dismissed', atDeadline)).toBeUndefined();
  const after = new Date(at(5).getTime() + 1);
  expect(whyClosed('dismissed', { ...atDeadline, now: after })).toBe('too-late');
});
