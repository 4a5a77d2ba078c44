import { describe, expect, test } from 'vitest';
import { isSpeechCause, speechSuspension, type SpeechCause } from './expression.rules.ts';

const day = 86_400_000;
const now = new Date('2026-06-01T12:00:00Z');
const ago = (days: number, cause: SpeechCause = 'expression') => ({
  cause,
  at: new Date(now.getTime() - days * day),
});

describe('two reversals for expression, or one for authority-origin, in 365 d', () => {
  test('one for expression suspends nobody, two do', () => {
    expect(speechSuspension([ago(10)], now)).toBeUndefined();
    expect(speechSuspension([ago(364), ago(0)], now)).toBe('expression');
  });

  test('one for authority-origin does, alone or beside another', () => {
    expect(speechSuspension([ago(364, 'authority-origin')], now)).toBe('authority-origin');
    expect(speechSuspension([ago(3), ago(2), ago(1, 'authority-origin')], now)).toBe(
      'authority-origin',
    );
  });

  test('what is 365 d old counts no more', () => {
    expect(speechSuspension([ago(365), ago(0)], now)).toBeUndefined();
    expect(speechSuspension([ago(365, 'authority-origin')], now)).toBeUndefined();
  });

  test('none, and what is yet to come', () => {
    expect(speechSuspension([], now)).toBeUndefined();
    expect(speechSuspension([ago(1), ago(-1)], now)).toBeUndefined();
  });
});

test('an appeal about speech, or against the record of an authority, counts as speech', () => {
  expect(['expression', 'authority-origin', 'not-me', ''].map(isSpeechCause)).toEqual([
    true,
    true,
    false,
    false,
  ]);
});
