import { expect, test } from 'vitest';
import {
  answersFrom,
  appealIsOpen,
  appealSteps,
  decisionDeadlines,
  endsLate,
  isOverdue,
  lateOf,
  overdueCauses,
  standingCauses,
  type OpenAppeal,
  withQuestion,
} from './appeal-clock.rules.ts';

const at = (days: number): Date => new Date(Date.UTC(2026, 5, 1) + days * 86_400_000);
const appeal: OpenAppeal = {
  evidenceDueAt: at(7),
  evidenceLapsesAt: at(14),
  decisionDueAt: at(30),
  undecidedAt: at(180),
  reliefDueAt: null,
  withdrawsAt: null,
  bound: false,
  keepsUntil: null,
};
const causes = (appeal: OpenAppeal, days: number): string[] =>
  overdueCauses(appeal, at(days)).map(({ cause }) => cause);
const delivered = { ...appeal, evidenceDueAt: null, evidenceLapsesAt: null };

test('each deadline is overdue from its instant on', () => {
  expect(causes(appeal, 6.99)).toEqual([]);
  expect(causes(appeal, 7)).toEqual(['evidence-overdue']);
  expect(causes(delivered, 29.99)).toEqual([]);
  expect(causes(delivered, 30)).toEqual(['decision-overdue']);
  expect([isOverdue(delivered, at(29)), isOverdue(delivered, at(30))]).toEqual([false, true]);
});

const undelivered = { as: 'undelivered', cause: 'evidence-not-delivered', at: at(14) };
const undecided = { as: 'undecided', cause: 'undecided', at: at(180) };

test('it is late by whoever let time pass first: the submitter, or the panel', () => {
  expect(lateOf(appeal)).toEqual(undelivered);
  expect(lateOf(delivered)).toEqual(undecided);
  expect(lateOf({ ...appeal, evidenceLapsesAt: at(181) })).toEqual(undecided);
});

test('of whoever an earlier decision bound, a late decision neither suspends nor ends anything', () => {
  const bound = { ...delivered, bound: true };
  expect(causes(bound, 179)).toEqual([]);
  expect(isOverdue(bound, at(179))).toBe(false);
  expect(endsLate(bound, at(500))).toBe(false);
  expect([appealIsOpen(bound, at(179.9)), appealIsOpen(bound, at(180))]).toEqual([true, false]);
  expect(appealSteps(bound, { isOver: false, known: new Set(), now: at(200) })).toEqual([
    { event: 'appeal-late', ...undecided },
  ]);
  // Evidence is the submitter's to deliver, whoever appeals.
  const owed = { ...appeal, bound: true };
  expect(causes(owed, 20)).toEqual(['evidence-overdue']);
  expect([endsLate(owed, at(13.9)), endsLate(owed, at(14))]).toEqual([false, true]);
});

test('what was bound keeps nothing held once it is closed', () => {
  const kept = { ...delivered, bound: true, keepsUntil: at(60) };
  expect(answersFrom(at(3), { ...kept, undecidedAt: at(50) })).toEqual(at(50));
  expect(answersFrom(at(3), { ...kept, withdrawsAt: at(40) })).toEqual(at(40));
});

test('withdrawn 72 h ago, nothing of it is overdue or late', () => {
  const withdrawn = { ...appeal, withdrawsAt: at(7) };
  expect(appealIsOpen(withdrawn, at(6.9))).toBe(true);
  expect(appealIsOpen(withdrawn, at(7))).toBe(false);
  expect(causes(withdrawn, 20)).toEqual([]);
  expect(lateOf(withdrawn)).toBeUndefined();
  // What was overdue before the withdrawal took effect was overdue.
  expect(causes({ ...appeal, withdrawsAt: at(8) }, 20)).toEqual(['evidence-overdue']);
  // What was late before it stays so, whatever was asked for.
  expect(lateOf({ ...appeal, withdrawsAt: at(15) })).toMatchObject({ at: at(14) });
});

test('steps: what rows do not say yet, and on an ended record what closes it alone', () => {
  const steps = (context: Partial<Parameters<typeof appealSteps>[1]>, one = appeal) =>
    appealSteps(one, { isOver: false, known: new Set(), now: at(50), ...context }).map((step) =>
      'cause' in step ? `${step.event} ${step.cause}` : step.event,
    );
  expect(steps({})).toEqual(['suspended evidence-overdue', 'suspended decision-overdue']);
  expect(steps({ known: new Set(['evidence-overdue']) })).toEqual(['suspended decision-overdue']);
  expect(steps({ isOver: true })).toEqual(['appeal-late evidence-not-delivered']);
  expect(steps({ isOver: true }, delivered)).toEqual(['appeal-late undecided']);
  expect(steps({ isOver: true }, { ...appeal, withdrawsAt: at(3) })).toEqual(['appeal-withdrawn']);
});

test('relief that nobody decided in time is granted', () => {
  expect(causes({ ...delivered, reliefDueAt: at(3) }, 2.99)).toEqual([]);
  expect(causes({ ...delivered, reliefDueAt: at(3) }, 3)).toEqual(['relief']);
});

test('relief that another appeal spares is said once, of a record that lives, before a withdrawal', () => {
  const spared = { ...delivered, decisionDueAt: at(60), reliefSparedAt: at(3) };
  const context = { isOver: false, known: new Set<string>(), now: at(50) };
  expect(causes(spared, 50)).toEqual([]);
  expect(appealSteps(spared, context)).toEqual([{ event: 'relief-spared', at: at(3) }]);
  expect(appealSteps({ ...spared, reliefSparedAt: null }, context)).toEqual([]);
  const withdrawn = (days: number) =>
    appealSteps({ ...spared, withdrawsAt: at(days) }, context).map(({ event }) => event);
  expect([withdrawn(3), withdrawn(4)]).toEqual([
    ['appeal-withdrawn'],
    ['appeal-withdrawn', 'relief-spared'],
  ]);
  expect(appealSteps(spared, { ...context, isOver: true }).map(({ event }) => event)).toEqual([
    'appeal-late',
  ]);
  expect(appealSteps(spared, { ...context, known: new Set(['relief']) })).toEqual([]);
});

test('it ends the record from its instant on, unless it was withdrawn by then', () => {
  expect([endsLate(appeal, at(13.99)), endsLate(appeal, at(14))]).toEqual([false, true]);
  expect(endsLate({ ...appeal, withdrawsAt: at(14) }, at(20))).toBe(false);
  // Both were late at one instant: the panel's lateness counts in no rate of the submitter.
  expect(lateOf({ ...appeal, evidenceLapsesAt: at(180) })).toEqual(undecided);
});

test('what was withdrawn is overdue no more', () => {
  const withdrawn = { ...appeal, withdrawsAt: at(8) };
  expect([isOverdue(withdrawn, at(7.5)), isOverdue(withdrawn, at(8))]).toEqual([true, false]);
});

test('a record answers when its hold ends, and not before an appeal that keeps it held does, for 60 d', () => {
  const kept = { ...appeal, keepsUntil: at(60) };
  expect(answersFrom(at(3), null)).toEqual(at(3));
  expect(answersFrom(at(3), appeal)).toEqual(at(3));
  expect(answersFrom(null, { ...appeal, withdrawsAt: at(5) })).toBeNull();
  expect(answersFrom(null, { ...kept, withdrawsAt: at(5) })).toBeNull();
  expect(answersFrom(at(3), kept)).toEqual(at(60));
  expect(answersFrom(at(61), kept)).toEqual(at(61));
  expect(answersFrom(at(3), { ...kept, withdrawsAt: at(5) })).toEqual(at(5));
  expect(answersFrom(at(3), { ...kept, withdrawsAt: at(2) })).toEqual(at(3));
});

test('a step says when it came about', () => {
  const context = { isOver: false, known: new Set<string>(), now: at(8) };
  expect(appealSteps({ ...appeal, withdrawsAt: at(9) }, context)).toEqual([
    { event: 'appeal-withdrawn', at: at(9) },
    { event: 'suspended', cause: 'evidence-overdue', at: at(7) },
  ]);
});

test('time alone closes no appeal but one of whoever an earlier decision bound', () => {
  expect(appealIsOpen(delivered, at(500))).toBe(true);
  const late = { ...delivered, bound: true, withdrawsAt: at(190) };
  expect([appealIsOpen(late, at(179)), appealIsOpen(late, at(185))]).toEqual([true, false]);
  // A withdrawal after it keeps nothing held for longer.
  expect(answersFrom(at(3), { ...appeal, keepsUntil: at(60), withdrawsAt: at(70) })).toEqual(
    at(60),
  );
});

test('an appeal takes the suspensions with it that it brought, and no others', () => {
  const brought = ['evidence-overdue', 'decision-overdue', 'relief'] as const;
  const causes = [...brought, 'order'] as const;
  const withdrawn = { ...appeal, withdrawsAt: at(5) };
  expect(standingCauses(causes, withdrawn, at(4))).toEqual(causes);
  expect(standingCauses(causes, withdrawn, at(5))).toEqual(['order']);
  expect(standingCauses(causes, null, at(5))).toEqual(causes);
});

test('a decision is due after 30 days and what questions added, and never after the appeal ends undecided', () => {
  // None of these days is one of a weekend.
  const due = (addedDays: number, undecidedDays = 178) =>
    decisionDeadlines({ openedAt: at(0), addedDays }, { decisionDueDays: 30, undecidedDays });
  expect(due(0)).toEqual({ decisionDueAt: at(30), undecidedAt: at(178) });
  expect(due(9).decisionDueAt).toEqual(at(39));
  expect(due(14, 39)).toEqual({ decisionDueAt: at(39), undecidedAt: at(39) });
});

test('a question adds its ten days to answer, and all of them fourteen', () => {
  expect([0, 3, 10, 14].map(withQuestion)).toEqual([10, 13, 14, 14]);
});
