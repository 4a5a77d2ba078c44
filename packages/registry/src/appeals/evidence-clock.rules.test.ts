import { expect, test } from 'vitest';
import { defaultDeadlines } from '../bounds.ts';
import { evidenceDueAt, redeliveryClock, untilLapse } from './evidence-clock.rules.ts';

// A Monday, so that no deadline below meets a weekend unless it says so.
const openedAt = new Date('2026-06-01T10:00:00Z');
const at = (days: number): Date => new Date(openedAt.getTime() + days * 86_400_000);
const keyed = (days: number, released?: number) => ({
  keyed_at: at(days),
  released_at: released === undefined ? null : at(released),
});
const due = (now: number, of: Partial<Parameters<typeof evidenceDueAt>[0]> = {}): Date =>
  evidenceDueAt({ openedAt, now: at(now), dueAt: null, others: [], ...of }, defaultDeadlines);

test('7 d from opening, and never less than 2 d from the key', () => {
  expect(due(1)).toEqual(at(7));
  expect(due(8)).toEqual(at(10));
});

test('an assignment without a key that went by was no claim', () => {
  expect(due(2, { others: [{ keyed_at: null, released_at: at(1) }] })).toEqual(at(7));
});

test('a lost claim gives a new 7 d', () => {
  expect(due(8, { others: [keyed(1, 8)] })).toEqual(at(15));
});

test('a second reviewer is sealed to within 2 d, and takes nothing of what there was', () => {
  expect(due(1, { others: [keyed(0)], dueAt: at(7) })).toEqual(at(7));
  expect(due(8, { others: [keyed(0)], dueAt: null })).toEqual(at(10));
});

test('overdue as long again: reversed', () => {
  expect(untilLapse(at(7), defaultDeadlines)).toEqual({ dueAt: at(7), lapsesAt: at(14) });
});

const again = (now: number, firstAt: number, owed: [number, number] | [] = []) =>
  redeliveryClock(
    {
      now: at(now),
      firstAt: at(firstAt),
      owed: owed.length === 0 ? {} : { dueAt: at(owed[0]), lapsesAt: at(owed[1]) },
    },
    defaultDeadlines,
  );

test('3 d to redeliver, reversed 14 d after the first item that was destroyed', () => {
  expect(again(1, 1)).toEqual({ dueAt: at(4), lapsesAt: at(15) });
  expect(again(8, 1)).toEqual({ dueAt: at(11), lapsesAt: at(15) });
});

test('what nobody may hold gains no time: its three days, and no more', () => {
  expect(again(14, 1)).toEqual({ dueAt: at(17), lapsesAt: at(17) });
});

test('what is due already is neither sooner nor later for it', () => {
  expect(again(1, 1, [7, 14])).toEqual({ dueAt: at(7), lapsesAt: at(14) });
  expect(again(11, 11, [7, 14])).toEqual({ dueAt: at(14), lapsesAt: at(14) });
});

test('one claim that was lost among several gives a new 7 d, and what stands is not shortened', () => {
  expect(due(8, { others: [keyed(0), keyed(1, 8)], dueAt: at(7) })).toEqual(at(15));
  expect(due(8, { others: [keyed(1, 8)], dueAt: at(20) })).toEqual(at(20));
});
