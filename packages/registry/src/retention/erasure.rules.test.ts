import { expect, test } from 'vitest';
import { defaultDeadlines } from '@recourse/protocol/review';
import { erasureDue, type Erasable } from './erasure.rules.ts';

const endedAt = new Date('2026-01-05T10:00:00Z');
const after = (days: number): Date => new Date(endedAt.getTime() + days * 86_400_000);
const ended: Erasable = {
  endedAt,
  righted: false,
  requested: false,
  subjects: [],
  delayed: false,
  open: false,
  textsErased: false,
  drawable: false,
};
const due = (of: Partial<Erasable>, days: number, deadlines = defaultDeadlines) =>
  erasureDue({ ...ended, ...of }, { now: after(days), deadlines });

test.each<[string, Partial<Erasable>, number, string | undefined]>([
  ['a live record', { endedAt: null, requested: true }, 400, undefined],
  ['of an ended one, before 180 days', {}, 179, undefined],
  // 180 days after that Monday is a Saturday: until noon of the Monday after it.
  ['of an ended one, on a day nobody works', {}, 181, undefined],
  // Monday 6 July, 12:00: 182 days and two hours on.
  ['of an ended one, at that noon', {}, 182 + 2 / 24, 'case'],
  ['of an ended one, after them', {}, 183, 'case'],
  ['while an appeal or a recall is open', { open: true, requested: true }, 400, undefined],
  ['of a reversed one, at once', { righted: true }, 0, 'texts'],
  ['of a reversed one that may be drawn', { righted: true, drawable: true }, 0, undefined],
  ['of that one, where its creator asks', { drawable: true, requested: true }, 0, 'case'],
  ['of a reversed one, once', { righted: true, textsErased: true }, 179, undefined],
  ['of a reversed one, after 180 days', { righted: true, textsErased: true }, 183, 'case'],
  ['of one whose creator asked for it, at once', { requested: true }, 0, 'case'],
  ['of one of which some identifiers were asked for', { subjects: [1] }, 0, 'subjects'],
  [
    'of that one, while an appeal or a recall is open',
    { subjects: [1], delayed: true },
    0,
    undefined,
  ],
  ['of that one, while it is inspected', { subjects: [1], open: true }, 0, 'subjects'],
])('%s: what is erased', (_, of, ...[days, step]) => {
  expect(due(of, days)).toBe(step);
});

test('nothing is erased while it can still be appealed', () => {
  const deadlines = { ...defaultDeadlines, appealWindowDays: 365 };
  expect([due({}, 300, deadlines), due({}, 370, deadlines)]).toEqual([undefined, 'case']);
});
