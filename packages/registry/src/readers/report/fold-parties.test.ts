import { describe, expect, test } from 'vitest';
import type { ReadEntry } from '../entries/comparison.ts';
import { wholeDetail } from '../../../tests/whole-detail.ts';
import { ownersFigure, panelFigures, PartyFold } from './fold-parties.ts';
import { Tally, type Cell } from './tally.ts';

type TypedDetail = [type: string, detail: ReadEntry['detail']];

function fold(said: readonly TypedDetail[], now = '2026-06-01T00:00:00Z'): Cell[] {
  const tally = new Tally();
  const parties = new PartyFold(tally);
  for (const [type, detail] of said) {
    const whole = wholeDetail(type, detail);
    parties.take({ type, at: '2026-03-04T12:00:00Z', detail: whole });
  }
  parties.finish(now);
  return [...tally.cells.values()];
}

const cell = (of: Partial<Cell>): Cell =>
  ({
    party: 'plt_0000000000000000000000000a',
    reason: null,
    period: '2026-03',
    n: 1,
    days: new Map(),
    ...of,
  }) as Cell;

test.each([
  ['party-objected', 'party.objected'],
  ['party-left', 'party.left'],
])('%s counts as %s, in its month', (type, figure) => {
  expect(fold([[type, { party: 'plt_0000000000000000000000000a' }]])).toEqual([cell({ figure })]);
});

test('cases that were struck count in the month of the vote, and none where none was', () => {
  const closed = { party: 'plt_0000000000000000000000000a', kind: 'strikes', votes: [] };
  expect(
    fold([
      ['panel-closed', { ...closed, struck: 2 }],
      ['panel-closed', { ...closed, struck: 0 }],
    ]),
  ).toEqual([cell({ figure: 'party.struck', n: 2 })]);
});

test('other entries count nothing', () => {
  expect(
    fold([
      [
        'checkpoint-signed',
        {
          party: 'plt_0000000000000000000000000a',
          received: 3,
          holder: 'hld_0000000000000000000000000a',
        },
      ],
    ]),
  ).toEqual([]);
});

test('demands of authorities count by quarter, and none where there was none', () => {
  const demand = {
    party: 'plt_0000000000000000000000000a',
    quarter: '2026-Q1',
    received: 3,
    complied: 1,
    refused: 0,
  };
  expect(fold([['authority-demand', demand]])).toEqual([
    cell({ figure: 'demand.received', period: '2026-Q1', n: 3 }),
    cell({ figure: 'demand.complied', period: '2026-Q1' }),
  ]);
});

describe('owners', () => {
  const owners = [{ name: 'Harbour Holding', percent: 60 }];
  const registered = (registration: ReadEntry['detail'][string]): TypedDetail => [
    'party-registered',
    { party: 'plt_0000000000000000000000000a', registration },
  ];

  test('are compared as a whole', () => {
    const figure = ownersFigure('plt_0000000000000000000000000a', owners);
    expect(figure).toEqual({
      figure: expect.stringMatching(/^owners\.[\w-]{43}$/) as unknown,
      party: 'plt_0000000000000000000000000a',
      reason: null,
      period: 'now',
    });
    expect(
      ownersFigure('plt_0000000000000000000000000a', [{ name: 'Harbour Holding', percent: 61 }])
        .figure,
    ).not.toBe(figure.figure);
    expect(fold([registered({ name: 'Harbour', group: 'harbour', owners })])).toEqual([
      { ...figure, n: 1, days: new Map() },
    ]);
  });

  test('of several registrations are those of the last', () => {
    expect(
      fold([
        registered({ name: 'Harbour', group: 'harbour', owners: [] }),
        registered({ name: 'Harbour', group: 'harbour', owners }),
      ]),
    ).toHaveLength(1);
  });

  test.each([[null], ['text'], [['owners']], [{}], [{ owners: 'nobody' }]])(
    'are none in a registration that is %j',
    (registration) => {
      expect(fold([registered(registration)])).toEqual([]);
    },
  );
});

describe('the panel', () => {
  const added = (holder: string, termUntil: string, parties: number): TypedDetail => [
    'reviewer-added',
    {
      holder,
      termUntil,
      affiliations: Array.from({ length: parties }, () => ({
        party: 'plt_0000000000000000000000000a',
        until: null,
      })),
    },
  ];
  const panel = (reviewers: number, affiliations: number): Cell[] => {
    const of = { party: null, period: 'now' };
    return [
      cell({ ...of, figure: 'panel.reviewers', n: reviewers }),
      cell({ ...of, figure: 'panel.affiliations', n: affiliations }),
    ].filter(({ n }) => n > 0);
  };

  test('is who sits, each once, with all affiliations', () => {
    const two = [
      added('hld_0000000000000000000000000a', '2027-01-01T00:00:00Z', 2),
      added('hld_0000000000000000000000000b', '2026-07-01T00:00:00Z', 1),
    ];
    expect(fold(two)).toEqual(panel(2, 3));
    expect(
      fold([...two, added('hld_0000000000000000000000000b', '2027-01-01T00:00:00Z', 0)]),
    ).toEqual(panel(2, 2));
  });

  test('loses who was removed, and whose term is over', () => {
    expect(
      fold([
        added('hld_0000000000000000000000000a', '2027-01-01T00:00:00Z', 1),
        ['reviewer-removed', { holder: 'hld_0000000000000000000000000a' }],
      ]),
    ).toEqual(panel(0, 0));
    const term = [added('hld_0000000000000000000000000a', '2026-06-01T00:00:00Z', 1)];
    expect(fold(term, '2026-05-31T23:59:59Z')).toEqual(panel(1, 1));
    expect(fold(term, '2026-06-01T00:00:00Z')).toEqual(panel(0, 0));
  });

  test('is two figures', () => {
    expect(panelFigures({ reviewers: 4, affiliations: 9 })).toEqual([
      { figure: 'panel.reviewers', party: null, reason: null, period: 'now', n: 4 },
      { figure: 'panel.affiliations', party: null, reason: null, period: 'now', n: 9 },
    ]);
  });
});
