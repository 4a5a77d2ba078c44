import type { MembershipState } from '@recourse/protocol';
import { describe, expect, test } from 'vitest';
import { probationDailyRecords, probationHoldHours } from '../schema/figures.ts';
import {
  admitted,
  holdHoursOf,
  inProbation,
  isActive,
  joining,
  leavingDays,
  membershipAt,
  missingQuarters,
  probationSample,
  recordsEndAt,
  type Admission,
  type Membership,
} from './membership.rules.ts';

const at = (text: string): Date => new Date(`${text}T00:00:00Z`);
const before = (date: Date): Date => new Date(date.getTime() - 1);

/** Registered on 1 January: open to objection until the 15th, in probation until 15 April. */
const platform = (over: Partial<Membership> = {}): Membership => ({
  objectionsUntil: at('2026-01-15'),
  activeFrom: at('2026-01-15'),
  probationUntil: at('2026-04-15'),
  leftAt: null,
  ...over,
});

test('a probation allows 20 records a day, held 7 days, the first 20 looked at', () => {
  expect([probationDailyRecords, probationHoldHours, probationSample]).toEqual([20, 168, 20]);
});

test('a platform joins 14 days after it registered, and is in probation for 90 more', () => {
  expect(joining(at('2026-01-01'), { objectionDays: 14, probationDays: 90 })).toEqual({
    objectionsUntil: at('2026-01-15'),
    activeFrom: at('2026-01-15'),
    probationUntil: at('2026-04-15'),
  });
});

test.each([
  ['2026-01-10', '2026-01-15'],
  ['2026-02-01', '2026-02-01'],
])('who was objected to and admitted on %s is active from %s', (decided, activeFrom) => {
  const decision = { objectionsUntil: at('2026-01-15'), decidedAt: at(decided) };
  const from = at(activeFrom);
  expect(admitted(decision, { probationDays: 1 })).toEqual({
    activeFrom: from,
    probationUntil: new Date(from.getTime() + 86_400_000),
  });
});

describe('where a platform stands', () => {
  const left = at('2026-06-01');
  test.each<[MembershipState, Membership, Admission, Date]>([
    ['pending', platform(), null, before(at('2026-01-15'))],
    ['probation', platform(), null, at('2026-01-15')],
    ['probation', platform(), null, before(at('2026-04-15'))],
    ['member', platform(), null, at('2026-04-15')],
    ['member', platform({ probationUntil: null }), null, at('2026-01-15')],
    ['objected', platform({ activeFrom: null }), null, at('2026-05-01')],
    ['objected', platform({ activeFrom: null }), 'admitted', at('2026-05-01')],
    ['refused', platform({ activeFrom: null }), 'refused', at('2026-05-01')],
    ['member', platform({ leftAt: left }), null, before(left)],
    ['left', platform({ leftAt: left }), null, left],
    ['left', platform({ activeFrom: null, leftAt: left }), 'refused', left],
  ])('%s: %j, %s, at %s', (state, ...[membership, admission, now]) => {
    expect(membershipAt(membership, admission, now)).toBe(state);
  });

  test.each([
    [false, platform(), before(at('2026-01-15'))],
    [true, platform(), at('2026-01-15')],
    [false, platform({ activeFrom: null }), at('2026-05-01')],
    [true, platform({ leftAt: left }), before(left)],
    [false, platform({ leftAt: left }), left],
  ])('checks and submits: %s, of %j at %s', (active, membership, now) => {
    expect(isActive(membership, now)).toBe(active);
  });
});

describe('probation', () => {
  const probationUntil = at('2026-04-15');

  test('ends at its instant, and is none without one', () => {
    expect(inProbation({ probationUntil }, before(probationUntil))).toBe(true);
    expect(inProbation({ probationUntil }, probationUntil)).toBe(false);
    expect(inProbation({ probationUntil: null }, probationUntil)).toBe(false);
  });

  test.each([
    [168, before(probationUntil), 0],
    [168, before(probationUntil), 72],
    [336, before(probationUntil), 336],
    [72, probationUntil, 72],
    [0, probationUntil, 0],
  ])('a record is held %d h that was submitted at %s where others are held %d', (...row) => {
    const [expected, submittedAt, hours] = row;
    expect(holdHoursOf({ submittedAt, probationUntil, relayed: false }, hours)).toBe(expected);
  });
});

test('a record about an act of before a reversal is held as long as one of a probation', () => {
  const relayed = { submittedAt: at('2026-06-01'), probationUntil: null, relayed: true };
  expect([0, 72, 336].map((hours) => holdHoursOf(relayed, hours))).toEqual([168, 168, 336]);
});

test('records of who left end 30 days later', () => {
  expect(leavingDays).toBe(30);
  expect(recordsEndAt(at('2026-06-01'))).toEqual(at('2026-07-01'));
});

describe('a quarterly statement is missing', () => {
  const missing = (over: Partial<Membership>, now: Date, filed: string[] = []): string[] =>
    missingQuarters(platform(over), new Set(filed), now);

  test('30 days after its quarter, and not before', () => {
    expect(missing({}, before(at('2026-05-01')))).toEqual([]);
    expect(missing({}, at('2026-05-01'))).toEqual(['2026-Q1']);
  });

  test('of each quarter that was not filed, the oldest first', () => {
    expect(missing({}, at('2027-02-01'), ['2026-Q2'])).toEqual(['2026-Q1', '2026-Q3', '2026-Q4']);
  });

  test('of no quarter that ended before the party was active, or after it left', () => {
    expect(missing({ activeFrom: null }, at('2027-02-01'))).toEqual([]);
    expect(missing({ activeFrom: at('2026-05-01') }, at('2026-08-01'))).toEqual(['2026-Q2']);
    expect(missing({ leftAt: before(at('2026-07-01')) }, at('2027-02-01'))).toEqual(['2026-Q1']);
    expect(missing({ leftAt: at('2026-07-01') }, at('2027-02-01'))).toEqual(['2026-Q1', '2026-Q2']);
  });
});
