import { fromBase64url, isId, newId, prefixedHash, utf8 } from '@recourse/protocol';
import { describe, expect, test } from 'vitest';
import { assertMayCheck, matchId, oldestCheck, proofServes, validUntil } from './check.rules.ts';
import { owedCursor, readOwedCursor } from './owed.ts';

const now = new Date('2026-03-01T12:00:00Z');
const ago = (hours: number): Date => new Date(now.getTime() - hours * 3_600_000);

describe('a signup form is no oracle for a stranger’s number', () => {
  test.each([
    ['signup', ago(24), true],
    ['signup', ago(24.001), false],
    ['signup', null, false],
    ['payout-change', null, true],
    ['signup', ago(-1), false],
    ['signup', ago(-10 / 3600), true],
    ['signup', ago(-11 / 3600), false],
    ['monetisation', ago(2400), true],
    ['monetisation', ago(-1), false],
  ] as const)('%s, proven at %s: %s', (purpose, provenAt, serves) => {
    expect(proofServes(purpose, provenAt, now)).toBe(serves);
  });
});

describe('the id of a match', () => {
  const of = { check: { id: 'chk_a', at: now }, sanction: 'snc_a', version: 1 };

  test('is the same each time that check asks', () => {
    expect(isId('mat', matchId(of))).toBe(true);
    expect(matchId({ ...of })).toBe(matchId(of));
  });

  test('is of the hash of its parts, and of the time of the check', () => {
    const digest = fromBase64url(prefixedHash('recourse/match/1', utf8('chk_a/snc_a/1')));
    const random = (size: number): Uint8Array => digest.subarray(0, size);
    expect(matchId(of)).toBe(newId('mat', { now, random }));
  });

  test('differs by check, sanction and version', () => {
    const ids = [
      of,
      { ...of, check: { ...of.check, id: 'chk_b' } },
      { ...of, sanction: 'snc_b' },
      { ...of, version: 2 },
    ].map(matchId);
    expect(new Set(ids).size).toBe(4);
  });
});

test('a cursor leads back to its place, and one made up leads nowhere', () => {
  const id = matchId({ check: { id: 'chk_a', at: now }, sanction: 'snc_a', version: 1 });
  const place = { toldAt: now, id };
  expect(readOwedCursor(owedCursor(place))).toEqual(place);
  expect(owedCursor(place)).toMatch(/^[A-Za-z0-9_-]{1,128}$/);
  expect(readOwedCursor('0-mat_x')).toBeUndefined();
});

test('matches are asked for within an hour of the check, and an answer holds for ten minutes', () => {
  expect(oldestCheck(now)).toEqual(ago(1));
  expect(validUntil(now)).toEqual(new Date('2026-03-01T12:10:00Z'));
});

describe('may check', () => {
  const may = { checksStopped: false };
  const live = [{ epoch: 1 }, { epoch: 2 }];

  test.each([[[1]], [[1, 2]], [[]]])('under live epochs: %j', (epochs) => {
    expect(() => assertMayCheck(may, epochs, live)).not.toThrow();
  });

  test.each([[[3]], [[1, 3]]])('not under one that is over or never was: %j', (epochs) => {
    expect(() => assertMayCheck(may, epochs, live)).toThrow(
      expect.objectContaining({ code: 'unknown-epoch' }),
    );
  });

  test('not while the checks of the platform are stopped', () => {
    expect(() => assertMayCheck({ checksStopped: true }, [1], live)).toThrow(
      expect.objectContaining({ code: 'checks-stopped' }),
    );
  });
});
