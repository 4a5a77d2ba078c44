import { describe, expect, test } from 'vitest';
import type { ReadEntry } from '../entries/comparison.ts';
import { wholeDetail } from '../../../tests/whole-detail.ts';
import { foldCase } from './fold-case.ts';

type Detail = ReadEntry['detail'];
type Entry = [type: string, detail?: Detail, over?: Partial<ReadEntry>];

const submission: Entry = [
  'sanction-submitted',
  {
    party: 'plt_0000000000000000000000000a',
    reason: 'fraud.scam',
    priorMatch: false,
  },
];

/** One entry a day from 1 March 2026, a Sunday, at midnight. */
function fold(...entries: Entry[]) {
  const read = entries.map(([type, detail = {}, over], index): ReadEntry => ({
    index,
    type,
    at: `2026-03-${String(index + 1).padStart(2, '0')}T00:00:00Z`,
    detail: wholeDetail(type, detail),
    ...over,
  }));
  return foldCase(read, { recallHours: 72 });
}

/** Figures after the submission, with their durations where they have one. */
const figures = (...entries: Entry[]): string[] =>
  fold(submission, ...entries)
    .slice(1)
    .map(({ figure, days }) => (days === undefined ? figure : `${figure} ${days}`));

describe('a submission', () => {
  test('is counted for its submitter, its reason and its month', () => {
    expect(fold(submission)).toEqual([
      {
        figure: 'submitted',
        party: 'plt_0000000000000000000000000a',
        reason: 'fraud.scam',
        period: '2026-03',
      },
    ]);
  });

  test('says that it followed a match', () => {
    const derived: Entry = [
      'sanction-submitted',
      {
        party: 'plt_0000000000000000000000000a',
        reason: 'abuse.ncii',
        priorMatch: true,
      },
    ];
    expect(fold(derived).map(({ figure }) => figure)).toEqual(['submitted', 'prior-match']);
  });

  test.each([
    ['of no party', { party: 'nobody', reason: 'fraud.scam' }],
    ['of no known reason', { party: 'plt_0000000000000000000000000a', reason: 'rumour' }],
  ] as const)('%s is counted nowhere, and nothing after it', (_, detail) => {
    expect(fold(['sanction-submitted', detail], ['appeal-opened'])).toEqual([]);
  });

  test('is what a record begins with', () => {
    expect(fold(['sanction-disclosed'])).toEqual([]);
  });
});

test('what time alone brought about counts in the month it happened in', () => {
  const [, opened] = fold(submission, [
    'recall-overdue',
    { effective: '2026-02-27T00:00:00Z' },
    { party: 'plt_0000000000000000000000000b' },
  ]);
  expect(opened).toMatchObject({
    figure: 'recall.overdue',
    period: '2026-02',
    party: 'plt_0000000000000000000000000b',
  });
});

test('an entry of no figure counts nothing', () => {
  expect(figures(['evidence-delivered'], ['sanction-visible'])).toEqual([]);
});

test('disclosures and inspections are counted', () => {
  expect(
    figures(
      ['sanction-disclosed'],
      ['inspection-opened'],
      ['inspection-closed', { outcome: 'failed' }],
      ['inspection-closed'],
    ),
  ).toEqual(['disclosed', 'inspection.drawn', 'inspection.failed', 'inspection.moot']);
});

test('home reversals are counted apart', () => {
  const item = `itm_${'0'.repeat(26)}`;
  expect(
    figures(
      ['inspection-opened', { item, why: 'home-reversal' }],
      ['inspection-closed', { item, outcome: 'failed' }],
    ),
  ).toEqual(['home-reversal.drawn', 'home-reversal.failed']);
});

describe('an appeal', () => {
  const opened: Entry = ['appeal-opened', { ground: 'not-me' }];

  test.each([
    ['upheld', { outcome: 'upheld' }, 'outcome.upheld'],
    ['reversed', { outcome: 'reversed', cause: 'victim' }, 'outcome.reversed.victim'],
    ['a finding', { outcome: 'finding', cause: 'error' }, 'outcome.finding.error'],
  ])('is %s, in the days it took', (_, decision, outcome) => {
    expect(figures(opened, ['appeal-decided', { as: 'decided', ...decision }])).toEqual([
      'appealed.not-me',
      outcome,
      'decision 1',
    ]);
  });

  test('that the creator withdrew, or that was conceded, has no duration of a decision', () => {
    expect(figures(opened, ['appeal-decided', { as: 'withdrawn' }])).toEqual([
      'appealed.not-me',
      'outcome.withdrawn',
    ]);
  });

  test('is closed once: what follows is the consequence', () => {
    expect(
      figures(
        opened,
        ['appeal-decided', { as: 'decided', outcome: 'reversed', cause: 'error' }],
        ['sanction-ended', { kind: 'reversed', cause: 'error' }],
        ['finding', { cause: 'error' }],
      ),
    ).toEqual(['appealed.not-me', 'outcome.reversed.error', 'decision 1']);
  });

  test('is closed by the end of the record, or by a finding after it', () => {
    expect(figures(opened, ['sanction-ended', { kind: 'reversed', cause: 'conceded' }])).toEqual([
      'appealed.not-me',
      'outcome.reversed.conceded',
    ]);
    expect(figures(opened, ['sanction-ended', { kind: 'undecided', cause: 'undecided' }])).toEqual([
      'appealed.not-me',
      'outcome.undecided',
    ]);
    expect(figures(opened, ['appeal-decided', { as: 'undecided' }])).toEqual([
      'appealed.not-me',
      'outcome.undecided',
    ]);
    expect(
      figures(opened, ['sanction-ended', { kind: 'expired' }], ['finding', { cause: 'conceded' }]),
    ).toEqual(['appealed.not-me', 'outcome.finding.conceded']);
  });

  test('a decision about no open appeal closes nothing', () => {
    expect(figures(['appeal-decided', { as: 'decided', outcome: 'upheld' }])).toEqual([]);
  });
});

describe('an end', () => {
  test('for want of notice is counted as such', () => {
    expect(figures(['sanction-ended', { kind: 'withdrawn', cause: 'no-notice' }])).toEqual([
      'notice.missing',
    ]);
  });

  test('by reversal tells for how long the record was listed, from when it was first visible', () => {
    expect(
      figures(
        ['sanction-visible'],
        ['sanction-visible'],
        ['sanction-ended', { kind: 'reversed', cause: 'error' }],
      ),
    ).toEqual(['listed 2']);
    const early: Entry = ['sanction-visible', { effective: '2026-02-20T00:00:00Z' }];
    expect(figures(early, ['sanction-ended', { kind: 'reversed', cause: 'error' }])).toEqual([
      'listed 11',
    ]);
  });

  test.each(['withdrawn', 'expired'])('%s was no wrong listing', (kind) => {
    expect(figures(['sanction-visible'], ['sanction-ended', { kind, cause: 'error' }])).toEqual([]);
  });
});

describe('a recall', () => {
  const issued: Entry = [
    'recall-issued',
    { recall: 'rcl_00000000000000000000000001', kind: 'undo' },
    { party: 'plt_0000000000000000000000000b' },
  ];
  const acknowledged = (at: string, recall = 'rcl_00000000000000000000000001'): Entry => [
    'recall-acknowledged',
    { recall, action: 'undone' },
    { party: 'plt_0000000000000000000000000b', at },
  ];

  // Issued on Monday 2 March: due on Thursday 5 March.
  test.each([
    ['2026-03-05T00:00:00Z', 'recall.undone'],
    ['2026-03-05T00:00:01Z', 'recall.undone-late'],
  ])('acknowledged at %s is %s, of the platform that was told', (at, figure) => {
    expect(fold(submission, issued, acknowledged(at)).slice(1)).toMatchObject([
      {
        figure: 'recall.issued-undo',
        party: 'plt_0000000000000000000000000b',
        reason: 'fraud.scam',
      },
      { figure, party: 'plt_0000000000000000000000000b', reason: 'fraud.scam' },
    ]);
  });

  test('that was never issued is not acknowledged', () => {
    expect(
      figures(issued, acknowledged('2026-03-04T00:00:00Z', 'rcl_00000000000000000000000002')),
    ).toEqual(['recall.issued-undo']);
  });

  test('without a platform is the submitter’s', () => {
    expect(fold(submission, ['recall-overdue'])[1]).toMatchObject({
      party: 'plt_0000000000000000000000000a',
    });
  });
});
