import { expect, test } from 'vitest';
import {
  drawOne,
  mayBeAssigned,
  mayRecuse,
  nextQuestion,
  turnsOf,
  type WaitingGroup,
} from './assignment.rules.ts';

const at = (day: number): Date => new Date(Date.UTC(2026, 5, day));
const group = (name: string, lastAt: Date | null, owing = 0): WaitingGroup => ({
  group: name,
  lastAt,
  owing,
});
const turns = (...groups: WaitingGroup[]) => turnsOf(groups).map(({ group: name }) => name);

test('ten assignments wait for a reviewer, and thirty are theirs in all', () => {
  expect(mayBeAssigned({ waiting: 9, all: 29 })).toBe(true);
  expect(mayBeAssigned({ waiting: 10, all: 10 })).toBe(false);
  expect(mayBeAssigned({ waiting: 0, all: 30 })).toBe(false);
});

test('three rounds of ten questions, each until its first is due, and none after day 30', () => {
  const round = (n: number, due: number, questions = 1) =>
    Array.from({ length: questions }, (_, slot) => ({ round: n, slot, dueAt: at(due + slot) }));
  const next = (asked: ReturnType<typeof round>, now: Date) =>
    nextQuestion({ assignedAt: at(1), asked, now });
  expect(next([], at(2))).toEqual({ round: 1, slot: 0 });
  expect(next(round(1, 12), at(11))).toEqual({ round: 1, slot: 1 });
  expect(next(round(1, 12), at(12))).toEqual({ round: 2, slot: 0 });
  expect(next(round(1, 12, 9), at(12))).toEqual({ round: 2, slot: 0 });
  expect(next(round(1, 12, 9), at(11))).toEqual({ round: 1, slot: 9 });
  expect(next(round(1, 12, 10), at(11))).toBe('too-many');
  expect(next([...round(1, 12), ...round(3, 28, 9)], at(27))).toEqual({ round: 3, slot: 9 });
  expect(next([...round(1, 12), ...round(3, 28)], at(28))).toBe('too-many-rounds');
  expect(next([], at(31))).toEqual({ round: 1, slot: 0 });
  expect(next([], new Date(at(31).getTime() + 1))).toBe('too-late');
});

test('groups take turns: who had none is first, then whose was the longest ago', () => {
  expect(turns(group('a', at(2)), group('b', at(1)), group('c', null))).toEqual(['c', 'b', 'a']);
  expect(turns(group('b', null), group('a', null))).toEqual(['a', 'b']);
  expect(turns(group('b', at(1)), group('a', at(1)))).toEqual(['a', 'b']);
  expect(turns(group('a', at(1)), group('b', at(1)))).toEqual(['a', 'b']);
});

test('a group that owes evidence for thirty assignments is passed over', () => {
  expect(turns(group('a', null, 30), group('b', at(1), 29))).toEqual(['b']);
});

test('one is drawn among the ten that are due first', () => {
  const next = Array.from({ length: 12 }, (_, place) => place);
  const drawn = new Set(next.map((place) => drawOne({ next, place: (below) => place % below })));
  expect([...drawn].toSorted((a, b) => a! - b!)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  expect(drawOne({ next: [7], place: (below) => below - 1 })).toBe(7);
  // Nothing is drawn where there is nothing.
  const place = (below: number): never => {
    throw new Error(`drawn below ${below}`);
  };
  expect(drawOne({ next: [], place })).toBeUndefined();
});

test('five cases are given back in thirty days without leave', () => {
  expect([0, 4, 5, 6].map(mayRecuse)).toEqual([true, true, false, false]);
});
