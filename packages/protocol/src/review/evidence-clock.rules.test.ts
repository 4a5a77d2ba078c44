import { expect, test } from 'vitest';
import { defaultDeadlines } from './deadlines.ts';
import { evidenceDueAt, redeliveryClock, untilLapse } from './evidence-clock.rules.ts';

// A Monday, so that no deadline below meets a weekend unless it says so.
const openedAt = new Date('2026-06-01T10:00:00Z');
const at = (days: number): Date => new Date(openedAt.getTime() + days * 86_400_000);
const due = (now: number, stands: Date | null = null): Date =>
  evidenceDueAt({ now: at(now), dueAt: stands }, defaultDeadlines);

test('7 d from the assignment, however long the appeal waited for one', () => {
  expect(due(1)).toEqual(at(8));
  expect(due(30)).toEqual(at(37));
});

test('7 d from that of another reviewer, and never less than there was', () => {
  expect(due(8, at(9))).toEqual(at(15));
  expect(due(1, at(10))).toEqual(at(10));
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
