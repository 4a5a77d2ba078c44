import type { ConfirmedCause } from '@recourse/protocol';
import { expect, test } from 'vitest';
import { speechQuestion, type SpeechQuestion } from './speech.rules.ts';

const now = new Date('2028-06-01T12:00:00Z');
const days = (n: number): Date => new Date(now.getTime() - n * 86_400_000);
const ago = (n: number, cause: ConfirmedCause = 'expression') => ({ cause, at: days(n) });
const question = (
  list: readonly ReturnType<typeof ago>[],
  asked: Partial<SpeechQuestion> = {},
): ConfirmedCause | undefined =>
  speechQuestion(list, { askedAt: null, isAsked: false, isSuspended: false, ...asked }, now);

test('two for expression, or one for authority-origin, in 365 days', () => {
  expect(question([])).toBeUndefined();
  expect(question([ago(10)])).toBeUndefined();
  expect(question([ago(364), ago(0)])).toBe('expression');
  expect(question([ago(364, 'authority-origin')])).toBe('authority-origin');
  expect(question([ago(3), ago(1, 'authority-origin')])).toBe('authority-origin');
});

test('what is 365 days old to the moment counts no more, and what is to come not yet', () => {
  expect(question([ago(365), ago(0)])).toBeUndefined();
  expect(question([ago(365, 'authority-origin')])).toBeUndefined();
  expect(question([ago(1), ago(-1)])).toBeUndefined();
});

test('asked once at a time, and again only after another one', () => {
  const two = [ago(20), ago(10)];
  expect(question(two, { isAsked: true })).toBeUndefined();
  expect(question(two, { isSuspended: true })).toBeUndefined();
  expect(question(two, { askedAt: days(10) })).toBeUndefined();
  expect(question([...two, ago(1)], { askedAt: days(10) })).toBe('expression');
});
