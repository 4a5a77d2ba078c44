import { expect, test } from 'vitest';
import { bounds, deadlinesOf, defaultDeadlines, dueAt } from './bounds.ts';
import { RegistryError } from './errors.ts';

const codeOf = (run: () => unknown): string => {
  try {
    run();
  } catch (error) {
    if (error instanceof RegistryError) return error.code;
  }
  return 'nothing thrown';
};

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
