import { describe, expect, test } from 'vitest';
import type { ReadEntry } from '../ledger/doctor/comparison.ts';
import { ownersFigure, panelFigures, PartyFold } from './fold-parties.ts';
import { Tally, type Cell } from './tally.ts';

type Said = [type: string, detail: ReadEntry['detail']];

function fold(said: readonly Said[], now = '2026-06-01T00:00:00Z'): Cell[] {
  const tally = new Tally();
  const parties = new PartyFold(tally);
  for (const [type, detail] of said) parties.take({ type, at: '2026-03-04T12:00:00Z', detail });
  parties.finish(now);
  return [...tally.cells.values()];
}

const cell = (of: Partial<Cell>): Cell =>
  ({ party: 'plt_a', reason: null, period: '2026-03', n: 1, days: [], ...of }) as Cell;

test.each([
  ['party-objected', 'party.objected'],
  ['party-left', 'party.left'],
])('%s counts as %s, in its month', (type, figure) => {
  expect(fold([[type, { party: 'plt_a' }]])).toEqual([cell({ figure })]);
});

test('other entries count nothing', () => {
  expect(fold([['checkpoint-signed', { party: 'plt_a', received: 3, holder: 'hld_a' }]])).toEqual(
    [],
  );
});

test('demands of authorities count by quarter, and none where there was none', () => {
  const demand = { party: 'plt_a', quarter: '2026-Q1', received: 3, complied: 1, refused: 0 };
  expect(fold([['authority-demand', demand]])).toEqual([
    cell({ figure: 'demand.received', period: '2026-Q1', n: 3 }),
    cell({ figure: 'demand.complied', period: '2026-Q1' }),
  ]);
});

describe('owners', () => {
  const owners = [{ name: 'Harbour Holding', percent: 60 }];
  const registered = (registration: ReadEntry['detail'][string]): Said => [
    'party-registered',
    { party: 'plt_a', registration },
  ];

  test('are compared as a whole', () => {
    const figure = ownersFigure('plt_a', owners);
    expect(figure).toEqual({
      figure: expect.stringMatching(/^owners\.[\w-]{43}$/) as unknown,
      party: 'plt_a',
      reason: null,
      period: 'now',
    });
    expect(ownersFigure('plt_a', [{ name: 'Harbour Holding', percent: 61 }]).figure).not.toBe(
      figure.figure,
    );
    expect(fold([registered({ owners })])).toEqual([{ ...figure, n: 1, days: [] }]);
  });

  test('of several registrations are those of the last', () => {
    expect(fold([registered({ owners: [] }), registered({ owners })])).toHaveLength(1);
  });

  test.each([[null], ['text'], [['owners']], [{}], [{ owners: 'nobody' }]])(
    'are none in a registration that is %j',
    (registration) => {
      expect(fold([registered(registration)])).toEqual([]);
    },
  );
});

describe('the panel', () => {
  const added = (holder: string, termUntil: string | null, affiliations: string[]): Said => [
    'reviewer-added',
    { holder, termUntil, affiliations },
  ];
  const panel = (reviewers: number, affiliations: number): Cell[] => {
    const of = { party: null, period: 'now' };
    return [
      cell({ ...of, figure: 'panel.reviewers', n: reviewers }),
      cell({ ...of, figure: 'panel.affiliations', n: affiliations }),
    ].filter(({ n }) => n > 0);
  };

  test('is who sits, each once, with all affiliations', () => {
    const two = [added('hld_a', null, ['a', 'b']), added('hld_b', '2026-07-01T00:00:00Z', ['c'])];
    expect(fold(two)).toEqual(panel(2, 3));
    expect(fold([...two, added('hld_b', null, [])])).toEqual(panel(2, 2));
  });

  test('loses who was removed, and whose term is over', () => {
    expect(fold([added('hld_a', null, ['a']), ['reviewer-removed', { holder: 'hld_a' }]])).toEqual(
      panel(0, 0),
    );
    const term = [added('hld_a', '2026-06-01T00:00:00Z', ['a'])];
    expect(fold(term, '2026-05-31T23:59:59Z')).toEqual(panel(1, 1));
    expect(fold(term, '2026-06-01T00:00:00Z')).toEqual(panel(0, 0));
  });

  test('has no affiliations where none are said', () => {
    expect(fold([['reviewer-added', { holder: 'hld_a' }]])).toEqual(panel(1, 0));
  });

  test('is two figures', () => {
    expect(panelFigures({ reviewers: 4, affiliations: 9 })).toEqual([
      { figure: 'panel.reviewers', party: null, reason: null, period: 'now', n: 4 },
      { figure: 'panel.affiliations', party: null, reason: null, period: 'now', n: 9 },
    ]);
  });
});
