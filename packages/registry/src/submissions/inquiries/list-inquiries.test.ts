import { expect, test } from 'vitest';
import { exchangeOf, recordOf, type InquiryRow } from './store.ts';

const askedAt = new Date('2026-03-02T00:00:00Z');
const dueAt = new Date('2026-03-09T00:00:00Z');
const before = new Date(dueAt.getTime() - 1);
const after = new Date(dueAt.getTime() + 1);

const exchange = (now: Date, answeredAt: Date | null = null) =>
  exchangeOf(
    {
      asks: 'still-stands',
      asked_at: askedAt,
      due_at: dueAt,
      answer: answeredAt ? 'yes' : null,
      answered_at: answeredAt,
    },
    now,
  );

test('an inquiry is shown with when it was asked and is due, without an answer until there is one', () => {
  expect(exchange(before)).toEqual({
    asks: 'still-stands',
    askedAt: '2026-03-02T00:00:00Z',
    dueAt: '2026-03-09T00:00:00Z',
    overdue: false,
  });
  expect(exchange(after, before)).toMatchObject({
    answer: 'yes',
    answeredAt: '2026-03-08T23:59:59Z',
  });
});

test.each<[string, Date, Date | null, boolean]>([
  ['before it is due', before, null, false],
  ['once it is due', dueAt, null, true],
  ['long after', after, null, true],
  ['answered in time, read later', after, before, false],
  ['answered at the last instant', after, dueAt, false],
  ['answered too late', after, after, true],
])('overdue %s', (_, ...[now, answeredAt, overdue]) => {
  expect(exchange(now, answeredAt).overdue).toBe(overdue);
});

test('a submitter that is asked reads neither who asks nor by which match', () => {
  const row = {
    id: 'qst_a',
    sanction: 'snc_a',
    party: 'plt_asker',
    match: 'mat_a',
    asks: 'still-stands',
    asked_at: askedAt,
    due_at: dueAt,
    answer: null,
    answered_at: null,
  } as InquiryRow;
  const both = { question: 'qst_a', sanction: 'snc_a', ...exchange(before) };
  const readBy = (party: string) => recordOf(row, { party, now: before });
  expect(readBy('plt_asker')).toEqual({ ...both, side: 'asked', match: 'mat_a' });
  expect(readBy('plt_submitter')).toEqual({ ...both, side: 'received' });
});
