import type { ReasonCode } from '@recourse/protocol';
import { decisionDeadlines, defaultDeadlines, withQuestion } from '@recourse/protocol/review';
import { expect, test } from 'vitest';
import {
  assignmentDeadlines,
  isBound,
  isReasonTold,
  keepsUntil,
  mayAppeal,
  mayReopen,
  type EarlierAppeal,
} from './appeal.rules.ts';

const now = new Date('2026-06-03T10:00:00Z');
const day = 86_400_000;
const at = (days: number): Date => new Date(now.getTime() + days * day);
const facts = {
  now,
  standing: { state: 'visible' as const },
  submittedAt: at(-10),
  expiresAt: at(300),
  earlier: [] as EarlierAppeal[],
  ways: ['proof:0'],
};
const earlier = (of: Partial<EarlierAppeal>): EarlierAppeal => ({
  id: 'first',
  reopens: null,
  closed_at: at(-10),
  closed_as: 'decided',
  outcome: 'upheld',
  cause: null,
  evidence_confirmed_at: null,
  ways: ['proof:0'],
  joined: ['proof:0'],
  ...of,
});
const answer = (of: Partial<Parameters<typeof mayAppeal>[0]>) => {
  const given = mayAppeal({ ...facts, ...of }, defaultDeadlines);
  return 'refused' in given ? given.refused : 'may';
};

test('from submission until 180 d after the end', () => {
  expect(answer({})).toBe('may');
  expect(answer({ submittedAt: null })).toBe('draft');
  const ended = (days: number) => ({
    standing: { state: 'expired' as const, ended: { state: 'expired' as const, at: at(-days) } },
  });
  expect(answer(ended(179))).toBe('may');
  expect(answer(ended(184))).toBe('window-closed');
});

test('the window ends at an instant, of a record that nothing ended from its expiry', () => {
  // 180 days after that Wednesday is a Monday.
  const expiresAt = new Date('2026-06-03T10:00:00Z');
  const until = new Date('2026-11-30T10:00:00Z');
  const given = (when: Date) => mayAppeal({ ...facts, expiresAt, now: when }, defaultDeadlines);
  expect(given(until)).toEqual({ until, needsNews: false });
  expect(given(new Date(until.getTime() + 1))).toEqual({ refused: 'window-closed' });
});

test('one open at a time', () => {
  const open = earlier({ closed_at: null, closed_as: null, outcome: null });
  expect(answer({ earlier: [open] })).toBe('already-open');
  expect(answer({ earlier: [earlier({ closed_at: at(-100) }), open] })).toBe('already-open');
});

test('a later one comes 90 d on, unless the earlier was withdrawn, never decided, or closed by a recovery', () => {
  for (const outcome of ['upheld', 'amended', 'dismissed'] as const) {
    expect(answer({ earlier: [earlier({ outcome, closed_at: at(-89) })] })).toBe('too-soon');
    expect(answer({ earlier: [earlier({ outcome, closed_at: at(-90) })] })).toBe('may');
  }
  const two = [earlier({ closed_at: at(-200) }), earlier({ closed_at: at(-89) })];
  expect([answer({ earlier: two }), answer({ earlier: two.toReversed() })]).toEqual([
    'too-soon',
    'too-soon',
  ]);
  for (const closed_as of ['withdrawn', 'restored', 'undecided'] as const) {
    expect(answer({ earlier: [earlier({ closed_as, outcome: null, closed_at: now })] })).toBe(
      'may',
    );
  }
});

test('what was found wrong is not appealed again', () => {
  const ended = { state: 'reversed' as const, at: at(-1) };
  expect(answer({ standing: { state: 'reversed', ended } })).toBe('already-reversed');
  for (const end of [
    { outcome: 'finding' },
    { outcome: 'reversed' },
    { closed_as: 'undelivered', outcome: null, cause: 'evidence-not-delivered' },
    { closed_as: 'conceded', outcome: null, cause: 'conceded' },
  ] as const) {
    const won = earlier({ ...end, closed_at: at(-100) });
    expect(answer({ earlier: [won] })).toBe('already-reversed');
    expect(answer({ earlier: [earlier({ closed_at: at(-200) }), won] })).toBe('already-reversed');
  }
  const byItself = { closed_as: 'conceded', outcome: null, cause: 'no-notice' } as const;
  expect(answer({ earlier: [earlier(byItself)] })).toBe('may');
});

test('whoever was decided about is bound, whatever came of it since', () => {
  expect(isBound([], ['proof:0'])).toBe(false);
  // Whoever had everything erased by which they came.
  expect(isBound([], [])).toBe(false);
  expect(isBound([earlier({ closed_as: 'undecided', outcome: null })], ['proof:0'])).toBe(false);
  const withdrawn = earlier({ closed_as: 'withdrawn', outcome: null });
  expect(isBound([earlier({}), withdrawn], ['proof:0'])).toBe(true);
  expect(isBound([earlier({})], ['proof:0', 'clm_b'])).toBe(false);
  expect(isBound([earlier({}), earlier({ ways: ['clm_b', 'clm_c'] })], ['proof:0', 'clm_b'])).toBe(
    true,
  );
});

test('a decision binds the ways of those who joined: by another way one appeals at once, and once', () => {
  const sham = earlier({ closed_at: at(-1), ways: ['clm_a'] });
  const given = (ways: string[], all: EarlierAppeal[] = [sham]) =>
    mayAppeal({ ...facts, ways, earlier: all }, defaultDeadlines);
  expect(given(['clm_a'])).toEqual({ refused: 'too-soon' });
  expect(given(['proof:0'])).toMatchObject({ needsNews: false });
  expect(given(['clm_a', 'proof:0'])).toMatchObject({ needsNews: false });
  const both = [sham, earlier({ closed_at: at(-1), ways: ['clm_a', 'proof:0'] })];
  expect(given(['clm_a', 'proof:0'], both)).toEqual({ refused: 'too-soon' });
  const old = [earlier({ closed_at: at(-90), ways: ['proof:0'] }), sham];
  expect(given(['proof:0', 'clm_a'], old)).toMatchObject({ needsNews: true });
});

test('a later one says what is new, unless the earlier was not answered', () => {
  const given = (earlierOnes: EarlierAppeal[]) =>
    mayAppeal({ ...facts, earlier: earlierOnes }, defaultDeadlines);
  expect(given([])).toMatchObject({ needsNews: false });
  expect(given([earlier({ closed_at: at(-90) })])).toMatchObject({ needsNews: true });
  expect(given([earlier({ closed_as: 'withdrawn', outcome: null })])).toMatchObject({
    needsNews: false,
  });
});

test('a dismissed one is reopened once, without waiting', () => {
  const dismissed = earlier({ outcome: 'dismissed', closed_at: at(-1) });
  const reopened = (of: EarlierAppeal[]) => {
    const given = mayReopen({ ...facts, earlier: of }, defaultDeadlines);
    return 'refused' in given ? given.refused : given.dismissed;
  };
  expect(reopened([dismissed])).toBe('first');
  expect(reopened([])).toBe('not-dismissed');
  const other = earlier({ closed_as: 'withdrawn', outcome: null });
  expect(reopened([other, dismissed])).toBe('first');
  expect(reopened([dismissed, other])).toBe('first');
  expect(reopened([earlier({ outcome: 'upheld' })])).toBe('not-dismissed');
  const again = earlier({ id: 'second', reopens: 'first', closed_at: at(-1) });
  expect(reopened([dismissed, { ...again, outcome: 'dismissed' }])).toBe('already-reopened');
  expect(reopened([dismissed, { ...again, outcome: 'upheld' }])).toBe('not-dismissed');
  expect(reopened([dismissed, { ...again, closed_as: 'withdrawn', outcome: null }])).toBe(
    'already-reopened',
  );
  expect(reopened([dismissed, { ...again, closed_at: null, closed_as: null }])).toBe(
    'already-open',
  );
});

test('each way that it bound reopens it once: nobody spends the reopening of another', () => {
  const reopened = (ways: string[], all: EarlierAppeal[]) => {
    const given = mayReopen({ ...facts, ways, earlier: all }, defaultDeadlines);
    return 'refused' in given ? given.refused : given.dismissed;
  };
  const dismissed = { outcome: 'dismissed', closed_at: at(-1) } as const;
  const first = (ways: string[]) => earlier({ ...dismissed, ways, joined: ways });
  const again = (ways: string[]) =>
    earlier({ ...dismissed, id: 'second', reopens: 'first', ways, joined: ways });
  expect(reopened(['clm_a'], [first(['clm_a']), again([])])).toBe('first');
  expect(reopened(['clm_a'], [first(['clm_a']), again(['clm_a'])])).toBe('already-reopened');
  const both = ['clm_b', 'clm_a'];
  expect(reopened(both, [first(['clm_a']), again(['clm_a'])])).toBe('already-reopened');
  expect(reopened(['clm_b'], [first([]), again([])])).toBe('not-dismissed');
  // Who joined the second alone may reopen that.
  expect(reopened(['clm_b'], [first([]), again(['clm_b'])])).toBe('second');
  expect(reopened(['clm_a', 'clm_b'], [first(['clm_a']), again(['clm_a', 'clm_b'])])).toBe(
    'second',
  );
});

test('it is never closed as undecided before the decision is due', () => {
  for (let hours = 0; hours < 24 * 14; hours += 5) {
    for (const addedDays of [0, 10, 14]) {
      const openedAt = new Date(now.getTime() + hours * 3_600_000);
      const deadlines = { decisionDueDays: 0.01, undecidedDays: 0.01 };
      const { decisionDueAt, undecidedAt } = decisionDeadlines({ openedAt, addedDays }, deadlines);
      expect(decisionDueAt > openedAt && undecidedAt >= decisionDueAt).toBe(true);
    }
  }
});

test('decided 30 d after opening, later by what was added; closed as undecided at 180 d', () => {
  const due = (addedDays: number) =>
    decisionDeadlines({ openedAt: now, addedDays }, defaultDeadlines);
  // A Wednesday: thirty days on is a Friday, 180 a Monday.
  expect(due(0)).toEqual({
    decisionDueAt: new Date('2026-07-03T10:00:00Z'),
    undecidedAt: new Date('2026-11-30T10:00:00Z'),
  });
  expect(due(10)).toEqual({
    decisionDueAt: new Date('2026-07-13T10:00:00Z'),
    undecidedAt: new Date('2026-11-30T10:00:00Z'),
  });
});

test('taken in 5 d; of speech in 2 d, with relief decided in 3 d', () => {
  const openedAt = new Date('2026-06-01T10:00:00Z');
  const after = (days: number): Date => new Date(openedAt.getTime() + days * day);
  const deadlinesOf = (ground: 'not-me' | 'expression', deadlines = defaultDeadlines) =>
    assignmentDeadlines({ openedAt, ground, reason: 'abuse.doxxing' }, deadlines);
  expect(deadlinesOf('not-me', { ...defaultDeadlines, claimDueDays: 4 })).toEqual({
    assignmentDueAt: after(4),
    reliefDueAt: null,
  });
  expect(deadlinesOf('expression')).toEqual({ assignmentDueAt: after(2), reliefDueAt: after(3) });
  expect(deadlinesOf('expression', { ...defaultDeadlines, claimDueDays: 1 })).toEqual({
    assignmentDueAt: after(1),
    reliefDueAt: after(3),
  });
});

test('a held record is kept for 60 d from the first time of one of the ways, and no longer', () => {
  // From a Wednesday to a Sunday, and so to Monday noon.
  const fresh = new Date('2026-08-03T12:00:00Z');
  expect(keepsUntil([null], now)).toEqual(fresh);
  expect(keepsUntil([at(5)], now)).toEqual(at(5));
  expect(keepsUntil([at(5), at(9)], now)).toEqual(at(9));
  expect(keepsUntil([at(-5), null], now)).toEqual(fresh);
  expect(keepsUntil([at(0)], now)).toBeNull();
  expect(keepsUntil([], now)).toBeNull();
});

test('the reason stays told to whom confirmed evidence was told', () => {
  const confirmed = earlier({ evidence_confirmed_at: at(-20) });
  expect(isReasonTold([confirmed], ['proof:0'])).toBe(true);
  expect(isReasonTold([earlier({})], ['proof:0'])).toBe(false);
  expect(isReasonTold([confirmed], ['proof:0', 'clm_b'])).toBe(false);
  expect(isReasonTold([], [])).toBe(false);
});

test('questions add ten days each, fourteen in all', () => {
  expect([withQuestion(0), withQuestion(10), withQuestion(14)]).toEqual([10, 14, 14]);
});

test('speech is assigned within 2 d, and relief decided within 3; anything else as configured', () => {
  const openedAt = new Date('2026-03-04T12:00:00Z');
  const days = (at: Date | null) => at && (at.getTime() - openedAt.getTime()) / 86_400_000;
  const of = (
    ground: 'expression' | 'not-me',
    claimDueDays = 5,
    reason: ReasonCode = 'abuse.doxxing',
  ) => {
    const { assignmentDueAt, reliefDueAt } = assignmentDeadlines(
      { openedAt, ground, reason },
      { claimDueDays },
    );
    return [days(assignmentDueAt), days(reliefDueAt)];
  };
  // From a Wednesday; the fifth day after is a Monday.
  expect(of('expression')).toEqual([2, 5]);
  expect(of('not-me')).toEqual([5, null]);
  expect(of('expression', 5, 'network.bulk-spam')).toEqual([2, null]);
  expect(of('expression', 5, 'fraud.scam')).toEqual([5, null]);
  expect(of('not-me', 2)).toEqual([2, null]);
});
