import { describe, expect, test } from 'vitest';
import { appeal, at, row, text } from '../../tests/sanction-row.ts';
import { defaultDeadlines } from '@recourse/protocol/review';
import { found } from '../kernel/refusal.ts';
import type { SanctionRow } from '../records/store.ts';
import { answersOf, cursorId, cursorOf, holdOf, recordOf, resultOf } from './views.ts';

const coded = (code: string): unknown => expect.objectContaining({ code });

test('a cursor stands for the id it was made of', () => {
  const id = 'snc_01hzy3v7q8e9k4m5n6p7r8s9t0';
  expect(cursorOf(id)).toMatch(/^[\w-]+$/);
  expect(cursorId(cursorOf(id))).toBe(id);
});

test.each(['', '!', '=', cursorOf('plt_01hzy3v7q8e9k4m5n6p7r8s9t0'), cursorOf('snc_x')])(
  'what no list gave out is an invalid input: %j',
  (cursor) => {
    expect(() => cursorId(cursor)).toThrow(coded('invalid-input'));
    expect(() => cursorId(cursor)).toThrow(
      expect.objectContaining({ issues: [{ path: 'cursor', code: 'unknown' }] }),
    );
  },
);

test('missing and not the caller’s have one answer', () => {
  const row = { party: 'plt_a' };
  expect(found(row, ({ party }) => party === 'plt_a')).toBe(row);
  expect(() => found(row, ({ party }) => party === 'plt_b')).toThrow(coded('not-found'));
  expect(() => found(undefined, () => true)).toThrow(coded('not-found'));
});

describe('a sanction as its submitter sees it', () => {
  const shown = (of: Partial<SanctionRow> = {}, days = 5) =>
    recordOf(row(of), { now: at(days), told: 2 });

  test('says where it stands, and of what is not so nothing', () => {
    expect(shown()).toEqual({
      sanction: 'snc_a',
      state: 'visible',
      version: 3,
      disputed: false,
      reason: 'fraud.scam',
      statement: 'the.signed.statement',
      submittedAt: text(0),
      visibleFrom: text(4),
      expiresAt: text(300),
      suspendedFor: [],
      toldPlatforms: 'under-five',
    });
    expect(resultOf(row(), at(5))).toEqual({ sanction: 'snc_a', state: 'visible', version: 3 });
  });

  test('tells until when notice is due, while there is none', () => {
    const waiting = shown({ notified_at: null, visible_from: null });
    expect(waiting).toMatchObject({ state: 'held', noticeDueAt: text(7) });
    expect(waiting).not.toHaveProperty('visibleFrom');
  });

  test('of a draft when it was laid down', () => {
    const draft = { submitted_at: null, drafted_at: at(2), notice_due_at: null, notified_at: null };
    expect(shown(draft)).toMatchObject({ state: 'draft', submittedAt: text(2) });
    expect(shown({ ...draft, drafted_at: null }).submittedAt).toBe(text(5));
  });

  test('as it was amended', () => {
    const amended = shown({
      amended_reason: 'network.bulk-spam',
      amended_until: at(200),
      ref: 'r',
    });
    expect(amended).toMatchObject({ reason: 'network.bulk-spam', expiresAt: text(200), ref: 'r' });
  });

  test('suspended, disputed and under review while it has not ended', () => {
    const open = {
      ...appeal,
      open_suspensions: [{ cause: 'relief' as const, until: null }],
      derived_due_at: at(14),
    };
    expect(shown(open)).toMatchObject({
      state: 'suspended',
      disputed: true,
      suspendedFor: ['relief'],
      echoReview: { dueAt: text(14) },
    });
    const end = { end_kind: 'reversed', end_cause: 'error', end_at: at(5) } as const;
    const over = shown({ ...open, ...end });
    expect(over).toMatchObject({ endedAt: text(5), cause: 'error', suspendedFor: [] });
    expect(over).not.toHaveProperty('echoReview');
  });

  test('expired without a cause', () => {
    const expired = shown({}, 301);
    expect(expired).toMatchObject({ state: 'expired', endedAt: text(300) });
    expect(expired).not.toHaveProperty('cause');
  });

  test('how long a draft waits for its second holder, or when that one gave it back', () => {
    const draft = { submitted_at: null, drafted_at: at(2), draft_lapses_at: at(9) };
    expect(shown({ ...draft, returned_by: null })).toMatchObject({ lapsesAt: text(9) });
    const returned = shown({ ...draft, returned_by: 'hld_b' });
    expect(returned).toMatchObject({ returnedAt: text(9) });
    expect(returned).not.toHaveProperty('lapsesAt');
    const submitted = shown({ draft_lapses_at: at(9), returned_by: null });
    expect(submitted).not.toHaveProperty('lapsesAt');
  });

  test('held because too many appeals of its group wait, until it ended', () => {
    const held = { backlogged: true, backlog_over_at: null };
    expect(shown(held)).toMatchObject({ state: 'held', backlogged: true });
    expect(shown({ ...held, end_recorded: true })).not.toHaveProperty('backlogged');
    expect(shown()).not.toHaveProperty('backlogged');
  });
});

describe('a notice tells its submitter', () => {
  test('from when an identifier answers, and from when it answers review', () => {
    const of = (reviewFrom: Date | null, over: Partial<SanctionRow> = {}) =>
      answersOf(row({ others_from: at(15), ...over }), reviewFrom);
    expect(of(at(4))).toEqual({ answersFrom: text(4), reviewFrom: text(4) });
    expect(of(null)).toEqual({ answersFrom: text(15) });
    expect(of(null, { others_from: null })).toEqual({});
    const kept = { answersFrom: text(64), reviewFrom: text(64) };
    expect(of(at(4), { ...appeal, keeps_until: at(64) })).toEqual(kept);
    expect(of(at(4), { backlogged: true, backlog_over_at: null })).toEqual({});
  });

  test('how long it will be held, while nobody was told', () => {
    const of = (over: Partial<SanctionRow>) => holdOf(row(over), defaultDeadlines);
    const waiting = { notified_at: null, probation_until: null };
    expect(of(waiting)).toEqual({ holdHours: 72 });
    expect(of({ ...waiting, probation_until: at(30) })).toEqual({ holdHours: 168 });
    expect(of({})).toEqual({});
    expect(of({ ...waiting, submitted_at: null })).toEqual({});
  });
});
