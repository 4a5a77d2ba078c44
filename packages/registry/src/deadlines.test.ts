import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addHours, bounds, defaultDeadlines, dueAt } from '@recourse/protocol/review';
import { deadlinesOf } from './deadlines.ts';
import { RegistryError } from './kernel/errors.ts';

const codeOf = (run: () => unknown): string => {
  try {
    run();
  } catch (error) {
    if (error instanceof RegistryError) return error.code;
  }
  return 'nothing thrown';
};

test('floor, default and ceiling are those that were published', () => {
  const rows = Object.entries(bounds).map(([name, { floor, default: standard, ceiling }]) => [
    name,
    `${floor}..${standard}..${ceiling}`,
  ]);
  expect(Object.fromEntries(rows)).toEqual({
    holdHours: '72..72..336',
    undeliveredDays: '14..14..60',
    noticeDueDays: '2..7..7',
    claimDueDays: '2..5..7',
    evidenceDueDays: '5..7..14',
    decisionDueDays: '14..30..30',
    undecidedDays: '90..180..180',
    reliefDays: '3..14..14',
    recallHours: '24..72..72',
    outcomeDays: '7..30..30',
    appealWindowDays: '180..180..730',
    eraseAfterEndDays: '180..180..365',
    objectionDays: '14..14..60',
    probationDays: '90..90..365',
  });
});

test('every default lies within its floor and ceiling', () => {
  for (const { floor, default: standard, ceiling } of Object.values(bounds)) {
    expect(floor).toBeLessThanOrEqual(standard);
    expect(standard).toBeLessThanOrEqual(ceiling);
  }
  expect(deadlinesOf({}, { sandbox: false })).toEqual(defaultDeadlines);
});

test('a deadline outside its bounds is no configuration', () => {
  expect(deadlinesOf({ holdHours: 336 }, { sandbox: false }).holdHours).toBe(336);
  for (const holdHours of [71, 337, Number.NaN, -1]) {
    expect(codeOf(() => deadlinesOf({ holdHours }, { sandbox: false }))).toBe(
      'configuration-invalid',
    );
  }
});

test('what is wrong with a configuration is told by its name', () => {
  expect(() => deadlinesOf({ recallHours: 73 }, { sandbox: false })).toThrow(/recallHours/);
});

test('only a sandbox leaves the bounds', () => {
  expect(deadlinesOf({ holdHours: 0.01 }, { sandbox: true }).holdHours).toBe(0.01);
  expect(codeOf(() => deadlinesOf({ holdHours: -1 }, { sandbox: true }))).toBe(
    'configuration-invalid',
  );
});

test('a deadline on a day nobody works ends at noon of the next working day', () => {
  const wednesday = new Date('2026-03-04T08:30:00Z');
  expect(dueAt(wednesday, 48)).toEqual(new Date('2026-03-06T08:30:00Z'));
  expect(dueAt(wednesday, 72)).toEqual(new Date('2026-03-09T12:00:00Z'));
  expect(dueAt(wednesday, 96)).toEqual(new Date('2026-03-09T12:00:00Z'));
  expect(dueAt(wednesday, 120)).toEqual(new Date('2026-03-09T08:30:00Z'));
});

test('whatever starts it, a deadline is on a working day, and never earlier than its hours', () => {
  const instant = fc.date({
    min: new Date('2020-01-01'),
    max: new Date('2060-01-01'),
    noInvalidDate: true,
  });
  fc.assert(
    fc.property(instant, fc.integer({ min: 0, max: 24 * 400 }), (from, hours) => {
      const plain = addHours(from, hours);
      const due = dueAt(from, hours);
      const isWeekend = [0, 6].includes(plain.getUTCDay());
      const monday = new Date(plain);
      monday.setUTCDate(plain.getUTCDate() + ((8 - plain.getUTCDay()) % 7 || 7));
      monday.setUTCHours(12, 0, 0, 0);
      expect(due).toEqual(isWeekend ? monday : plain);
      expect([0, 6]).not.toContain(due.getUTCDay());
    }),
  );
});
