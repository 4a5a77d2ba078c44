import { toTimestamp, type Opening } from '@recourse/protocol';
import { expect, test } from 'vitest';
import { openingsFor } from './receipt.rules.ts';

const at = (minute: number): Date => new Date(Date.UTC(2026, 2, 1, 12, minute));
interface About {
  readonly party?: string;
  readonly minute?: number;
  readonly match?: string;
  readonly recall?: string;
  readonly question?: string;
}
/** An entry about one platform that was told, which hides which it is. */
const about = (type: string, { party = 'plt_a', minute = 10, ...detail }: About) =>
  ({
    entry: { type, pair: 'p', at: toTimestamp(at(minute)), digest: 'd' },
    party,
    detail,
  }) as unknown as Opening;
const told = (match: string, party: string, minute: number) => ({
  match,
  party,
  told_at: at(minute),
});
const known = [told('mat_1', 'plt_a', 10)];

test('a claimant reads every entry about the record itself', () => {
  const own = { entry: { type: 'sanction-reversed', ref: 'r' } } as unknown as Opening;
  expect(openingsFor([own], [])).toEqual([own]);
});

test('nobody reads from a receipt where another may have signed up', () => {
  const mine = about('sanction-disclosed', { match: 'mat_1' });
  const others = [
    about('sanction-disclosed', { match: 'mat_2' }),
    about('sanction-disclosed', { match: 'mat_3', party: 'plt_b' }),
    about('question-answered', { question: 'qst_1' }),
  ];
  expect(openingsFor([mine, ...others], known)).toEqual([mine]);
  expect(openingsFor([mine, ...others], [])).toEqual([]);
});

test('a recall is shown of a platform that the page names, from when it asked about the claimant', () => {
  const recall = (id: string, of: { party?: string; minute?: number } = {}) => [
    about('recall-issued', { ...of, recall: id }),
    about('recall-acknowledged', { ...of, minute: 40, recall: id }),
  ];
  const shown = [...recall('rcl_1'), ...recall('rcl_2', { minute: 20 })];
  const hidden = [
    ...recall('rcl_3', { minute: 9 }),
    ...recall('rcl_4', { minute: 20, party: 'plt_b' }),
    about('recall-issued', { recall: 'rcl_5', party: '' }),
  ];
  expect(openingsFor([...hidden, ...shown], known)).toEqual(shown);
});

test('a platform that asked twice is known from the first time on', () => {
  const recall = about('recall-issued', { recall: 'rcl_1', minute: 10 });
  for (const minutes of [
    [10, 20],
    [20, 10],
  ]) {
    const twice = minutes.map((minute) => told(`mat_${minute}`, 'plt_a', minute));
    expect(openingsFor([recall], twice)).toEqual([recall]);
  }
  expect(openingsFor([recall], [told('mat_1', 'plt_a', 20)])).toEqual([]);
});

test('only what was issued says of which platform a recall is', () => {
  const early = about('recall-issued', { recall: 'rcl_1', minute: 5 });
  const late = about('recall-overdue', { recall: 'rcl_1', minute: 30 });
  expect(openingsFor([early, late], known)).toEqual([]);
});
