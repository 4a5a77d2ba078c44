import { decisionOutcomes, inspectionOutcomes, type AppealDecision } from '@recourse/protocol';
import { describe, expect, test } from 'vitest';
import { countsInSeries, verdictOf, type Vote } from './verdict.rules.ts';

const vote = (decision: Partial<AppealDecision>, serial = false): Vote => ({
  artefact: JSON.stringify(decision),
  decision: decision as AppealDecision,
  serial,
});
const upheld = vote({ outcome: 'upheld' });
const error = vote({ outcome: 'reversed', cause: 'error' });
const victim = vote({ outcome: 'reversed', cause: 'victim' });
const amended = (of: Partial<AppealDecision>): Vote => vote({ outcome: 'amended', ...of });
const live = { ended: false };

test('one reviewer decides alone', () => {
  for (const later of [upheld, amended({ exp: 1 }), vote({ outcome: 'dismissed' })]) {
    expect(verdictOf([later], live)).toEqual({ outcome: later.decision.outcome, vote: later });
  }
  expect(verdictOf([error], live)).toMatchObject({ outcome: 'reversed', cause: 'error' });
});

test('disagreement reverses, whoever came first', () => {
  const one = { outcome: 'reversed', cause: 'error', vote: error };
  expect(verdictOf([upheld, error], live)).toEqual(one);
  expect(verdictOf([error, upheld], live)).toEqual(one);
});

test('both find it wrong: the cause of the later', () => {
  expect(verdictOf([error, victim], live)).toMatchObject({ cause: 'victim' });
});

test('a cause that stops a group is an error until a second reviewer names it', () => {
  for (const cause of ['expression', 'authority-origin'] as const) {
    const named = vote({ outcome: 'reversed', cause });
    expect(verdictOf([named], live)).toMatchObject({ cause: 'error', unconfirmed: cause });
    expect(verdictOf([named, named], live)).toEqual({ outcome: 'reversed', cause, vote: named });
    for (const other of [upheld, error, victim]) {
      const verdict = verdictOf([other, named], live);
      expect(verdict).toMatchObject({ cause: 'error', unconfirmed: undefined });
    }
  }
});

test('disagreement without a cause is insufficient evidence, and nobody decided that', () => {
  for (const [later, earlier] of [
    [upheld, amended({ exp: 1 })],
    [upheld, vote({ outcome: 'dismissed' })],
    [amended({ exp: 1 }), amended({ exp: 2 })],
    [amended({ reason: 'fraud.scam' }), amended({ exp: 2 })],
    [amended({ detach: [1] }), amended({ detach: [1, 2] })],
  ] as const) {
    expect(verdictOf([earlier, later], live)).toEqual({
      outcome: 'reversed',
      cause: 'insufficient-evidence',
      vote: undefined,
    });
  }
});

test('what both say stands', () => {
  const later = amended({ exp: 1, detach: [2, 1] });
  const earlier = amended({ exp: 1, detach: [1, 2] });
  expect(verdictOf([earlier, later], live)).toEqual({ outcome: 'amended', vote: later });
});

test('on an ended record: a finding', () => {
  const ended = { ended: true };
  expect(verdictOf([error, upheld], ended)).toMatchObject({ outcome: 'finding' });
  expect(verdictOf([amended({ exp: 1 }), upheld], ended)).toMatchObject({
    outcome: 'finding',
    cause: 'insufficient-evidence',
  });
  expect(verdictOf([upheld, upheld], ended)).toMatchObject({ outcome: 'upheld' });
});

test('a reversal without a cause is none that anybody decided', () => {
  const causeless = vote({ outcome: 'reversed' });
  const nobody = { outcome: 'reversed', cause: 'insufficient-evidence', vote: undefined };
  expect(verdictOf([causeless], live)).toEqual(nobody);
  expect(verdictOf([vote({ outcome: 'finding' })], { ended: true })).toEqual({
    ...nobody,
    outcome: 'finding',
  });
});

test('amendments are the same in every member', () => {
  const pair = (later: Vote, earlier: Vote) => verdictOf([earlier, later], live)?.outcome;
  expect(pair(amended({ reason: 'fraud.scam' }), amended({ reason: 'fraud.scam' }))).toBe(
    'amended',
  );
  expect(pair(amended({ reason: 'fraud.scam' }), amended({ reason: 'fraud.payment' }))).toBe(
    'reversed',
  );
  expect(pair(amended({ detach: [1, 2] }), amended({ detach: [1] }))).toBe('reversed');
  expect(pair(amended({ detach: [1] }), amended({}))).toBe('reversed');
});

describe('of a serial vote another confirms, or a third decides', () => {
  const serial = vote({ outcome: 'reversed', cause: 'error' }, true);
  const reversed = { outcome: 'reversed', cause: 'victim', vote: victim };

  test('alone it comes to nothing', () => {
    expect(verdictOf([serial], live)).toBeUndefined();
  });

  test('confirmed, by whatever cause, it stands', () => {
    expect(verdictOf([serial, victim], live)).toEqual(reversed);
  });

  test('a finding confirms it where the record expired between the two', () => {
    const finding = vote({ outcome: 'finding', cause: 'victim' });
    expect(verdictOf([serial, finding], { ended: true })).toEqual({
      outcome: 'finding',
      cause: 'victim',
      vote: finding,
    });
  });

  test('here disagreement does not reverse, whoever came first', () => {
    for (const other of [upheld, amended({ exp: 1 }), vote({ outcome: 'dismissed' })]) {
      expect(verdictOf([serial, other], live)).toBeUndefined();
      expect(verdictOf([other, serial], live)).toBeUndefined();
    }
  });

  test('the third decides, whatever it is', () => {
    for (const third of [upheld, amended({ exp: 1 })]) {
      expect(verdictOf([serial, upheld, third], live)).toEqual({
        outcome: third.decision.outcome,
        vote: third,
      });
    }
    expect(verdictOf([serial, upheld, victim], live)).toEqual(reversed);
  });

  test('an amendment is confirmed by the same amendment alone', () => {
    const one = vote({ outcome: 'amended', exp: 1 }, true);
    expect(verdictOf([one, amended({ exp: 1 })], live)).toMatchObject({ outcome: 'amended' });
    expect(verdictOf([one, amended({ exp: 2 })], live)).toBeUndefined();
  });
});

test('a series is of what is reversed, amended, found wrong, dismissed, or fails an inspection', () => {
  const counted = [...decisionOutcomes, ...inspectionOutcomes].filter(countsInSeries);
  expect(counted).toEqual(['amended', 'reversed', 'dismissed', 'finding', 'failed']);
});
