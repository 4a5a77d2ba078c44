import { describe, expect, test } from 'vitest';
import { defaultDeadlines } from '@recourse/protocol/review';
import { firstOf, othersFrom, reviewFrom, type HeldRecord } from './answering.rules.ts';

/** A Wednesday. */
const now = new Date('2027-03-03T09:00:00Z');
const hours = (n: number): Date => new Date(now.getTime() + n * 3_600_000);
const held = (over: Partial<HeldRecord> = {}): HeldRecord => ({
  reason: 'fraud.scam',
  submittedAt: hours(-1),
  probationUntil: null,
  relayed: false,
  ...over,
});
const heldFor = (until: Date, from: Date = now): number =>
  (until.getTime() - from.getTime()) / 3_600_000;
const delivered = (over: Partial<HeldRecord>, at: Date = now): number =>
  heldFor(reviewFrom(held(over), at, defaultDeadlines), at);
const others = (over: Partial<HeldRecord>, at: Date = now): number =>
  heldFor(othersFrom(held(over), at, defaultDeadlines), at);
const monday = hours(-48);

describe('an identifier that a notice was delivered to', () => {
  test('answers 72 h after, and at once where the reason says now', () => {
    expect(delivered({}, monday)).toBe(72);
    expect(delivered({ reason: 'fraud.phishing' }, monday)).toBe(0);
    expect(delivered({ reason: 'fraud.phishing' }, hours(72))).toBe(0);
  });

  test('is held for 7 d where it was submitted in probation, whatever the reason', () => {
    const probationUntil = hours(-0.5);
    expect(delivered({ probationUntil }, monday)).toBe(168);
    expect(delivered({ probationUntil, reason: 'fraud.phishing' }, monday)).toBe(168);
    expect(delivered({ probationUntil: hours(-1) }, monday)).toBe(72);
    const long = { ...defaultDeadlines, holdHours: 336 };
    expect(heldFor(reviewFrom(held({ probationUntil }), monday, long), monday)).toBe(336);
  });
});

describe('any other identifier of the record', () => {
  test('answers 14 d after the first notice, and 72 h after where the reason says now', () => {
    expect(others({}, monday)).toBe(14 * 24);
    expect(others({ reason: 'fraud.phishing' }, monday)).toBe(72);
  });

  test('of a probation no sooner than one that was written to', () => {
    const probationUntil = hours(-0.5);
    expect(others({ probationUntil, reason: 'fraud.phishing' }, monday)).toBe(168);
    expect(others({ probationUntil }, monday)).toBe(14 * 24);
  });
});

test('a hold never ends on a day nobody works', () => {
  // From Wednesday: 72 h end on Saturday, so on Monday at noon.
  expect(reviewFrom(held(), now, defaultDeadlines)).toEqual(new Date('2027-03-08T12:00:00Z'));
  expect(othersFrom(held(), hours(72), defaultDeadlines)).toEqual(new Date('2027-03-22T12:00:00Z'));
});

test('the first of several instants', () => {
  expect(firstOf([null, hours(2), hours(1), null])).toEqual(hours(1));
  expect(firstOf([hours(1), hours(2)])).toEqual(hours(1));
  expect(firstOf([])).toBeNull();
});
