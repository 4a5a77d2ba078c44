import { expect, test } from 'vitest';
import { isVictimConceded } from './concession.ts';

const day = 86_400_000;
const opened_at = new Date('2026-06-01T10:00:00Z');
const after = (days: number): Date => new Date(opened_at.getTime() + days * day);
const conceded = (of: Partial<Parameters<typeof isVictimConceded>[0]> = {}): boolean =>
  isVictimConceded({
    ground: 'not-me',
    concession: 'victim',
    opened_at,
    closed_at: after(7),
    ...of,
  });

test('a victim conceded in 7 d: both sides say so, and in time', () => {
  expect(conceded()).toBe(true);
  expect(conceded({ closed_at: new Date(after(7).getTime() + 1) })).toBe(false);
  expect(conceded({ ground: 'facts-wrong' })).toBe(false);
  expect(conceded({ concession: 'mistaken-identity' })).toBe(false);
  expect(conceded({ closed_at: null })).toBe(false);
});
