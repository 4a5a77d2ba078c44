import { expect, test } from 'vitest';
import {
  answersFrom,
  appealIsOpen,
  appealSteps,
  hasLapsed,
  isOverdue,
  lapseOf,
  overdueCauses,
  type OpenAppeal,
} from './appeal-clock.rules.ts';

const at = (days: number): Date => new Date(Date.UTC(2026, 5, 1) + days * 86_400_000);
const appeal: OpenAppeal = {
  evidenceDueAt: at(7),
  evidenceLapsesAt: at(14),
  decisionDueAt: at(30),
  lapsesAt: at(45),
  reliefDueAt: null,
  withdrawsAt: null,
  keepsHeld: false,
};
const causes = (of: OpenAppeal, days: number): string[] =>
  overdueCauses(of, at(days)).map(({ cause }) => cause);
const delivered = { ...appeal, evidenceDueAt: null, evidenceLapsesAt: null };

test('each deadline is overdue from its instant on', () => {
  expect(causes(appeal, 6.99)).toEqual([]);
  expect(causes(appeal, 7)).toEqual(['evidence-overdue']);
  expect(causes(delivered, 29.99)).toEqual([]);
  expect(causes(delivered, 30)).toEqual(['decision-overdue']);
  expect([isOverdue(delivered, at(29)), isOverdue(delivered, at(30))]).toEqual([false, true]);
});

test('it lapses by whoever let time pass first: the submitter, or the panel', () => {
  expect(lapseOf(appeal)).toEqual({ cause: 'evidence-not-delivered', at: at(14) });
  expect(lapseOf(delivered)).toEqual({ cause: 'lapsed', at: at(45) });
  const late = { ...appeal, evidenceLapsesAt: at(46) };
  expect(lapseOf(late)).toEqual({ cause: 'lapsed', at: at(45) });
});

test('withdrawn 72 h ago, nothing of it is overdue and it does not lapse', () => {
  const withdrawn = { ...appeal, withdrawsAt: at(7) };
  expect(appealIsOpen(withdrawn, at(6.9))).toBe(true);
  expect(appealIsOpen(withdrawn, at(7))).toBe(false);
  expect(causes(withdrawn, 20)).toEqual([]);
  expect(lapseOf(withdrawn)).toBeUndefined();
  // What was overdue before the withdrawal took effect was overdue.
  expect(causes({ ...appeal, withdrawsAt: at(8) }, 20)).toEqual(['evidence-overdue']);
  // What lapsed before it succeeded, whatever was asked for.
  expect(lapseOf({ ...appeal, withdrawsAt: at(15) })).toMatchObject({ at: at(14) });
});

test('steps: what rows do not say yet, and on an ended record a lapse alone', () => {
  const steps = (of: Partial<Parameters<typeof appealSteps>[1]>, one = appeal) =>
    appealSteps(one, { isOver: false, known: new Set(), now: at(50), ...of }).map((step) =>
      'cause' in step ? `${step.event} ${step.cause}` : step.event,
    );
  expect(steps({})).toEqual(['suspended evidence-overdue', 'suspended decision-overdue']);
  expect(steps({ known: new Set(['evidence-overdue']) })).toEqual(['suspended decision-overdue']);
  expect(steps({ isOver: true })).toEqual(['appeal-lapsed evidence-not-delivered']);
  expect(steps({ isOver: true }, { ...appeal, withdrawsAt: at(3) })).toEqual(['appeal-withdrawn']);
});

test('relief that nobody decided in time is granted', () => {
  expect(causes({ ...delivered, reliefDueAt: at(3) }, 2.99)).toEqual([]);
  expect(causes({ ...delivered, reliefDueAt: at(3) }, 3)).toEqual(['relief']);
});

test('it has lapsed from its instant on, unless it was withdrawn by then', () => {
  expect([hasLapsed(appeal, at(13.99)), hasLapsed(appeal, at(14))]).toEqual([false, true]);
  expect(hasLapsed({ ...appeal, withdrawsAt: at(14) }, at(20))).toBe(false);
  // Both were late at one instant: the panel's lapse counts in no rate of the submitter.
  const both = { ...appeal, evidenceLapsesAt: at(45) };
  expect(lapseOf(both)).toEqual({ cause: 'lapsed', at: at(45) });
});

test('what was withdrawn is overdue no more', () => {
  const withdrawn = { ...appeal, withdrawsAt: at(8) };
  expect([isOverdue(withdrawn, at(7.5)), isOverdue(withdrawn, at(8))]).toEqual([true, false]);
});

test('a record answers when its hold ends, and not before an appeal that keeps it held does', () => {
  const kept = { ...appeal, keepsHeld: true };
  expect(answersFrom(at(3), null)).toEqual(at(3));
  expect(answersFrom(at(3), appeal)).toEqual(at(3));
  expect(answersFrom(null, { ...appeal, withdrawsAt: at(5) })).toBeNull();
  expect(answersFrom(null, { ...kept, withdrawsAt: at(5) })).toBeNull();
  expect(answersFrom(at(3), kept)).toBeNull();
  expect(answersFrom(at(3), { ...kept, withdrawsAt: at(5) })).toEqual(at(5));
  expect(answersFrom(at(3), { ...kept, withdrawsAt: at(2) })).toEqual(at(3));
});

test('a step says when it came about', () => {
  const of = { isOver: false, known: new Set<string>(), now: at(8) };
  expect(appealSteps({ ...appeal, withdrawsAt: at(9) }, of)).toEqual([
    { event: 'appeal-withdrawn', at: at(9) },
    { event: 'suspended', cause: 'evidence-overdue', at: at(7) },
  ]);
});
