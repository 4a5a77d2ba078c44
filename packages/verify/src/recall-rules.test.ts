import { recallsOwed, type Entry } from '@recourse/protocol';
import { describe, expect, it } from 'vitest';
import { RecallRules } from './recall-rules.ts';

const hash = (n: number): string => Buffer.alloc(32, n).toString('base64url');
const [a, b] = [hash(1), hash(2)];
const at = (hours: number): string =>
  new Date(Date.UTC(2026, 2, 2, hours)).toISOString().replace('.000Z', 'Z');

type PairType = 'sanction-disclosed' | 'recall-issued' | 'recall-acknowledged' | 'recall-overdue';
const entryOf = (
  type: PairType,
  pair: string,
  details: { hours?: number; ack?: string } = {},
): Entry => ({
  v: 1,
  type,
  at: at(details.hours ?? 0),
  pair,
  digest: hash(9),
  ...(details.ack === undefined ? {} : { ack: details.ack }),
});
const disclosed = (pair: string): Entry => entryOf('sanction-disclosed', pair);
const issued = (pair: string, hours = 0): Entry => entryOf('recall-issued', pair, { hours });
const acknowledged = (pair: string, ack = 5): Entry =>
  entryOf('recall-acknowledged', pair, { ack: hash(ack) });
const overdue = (pair: string, hours: number): Entry => entryOf('recall-overdue', pair, { hours });
const ended = (pairs: readonly string[], cause: 'early' | 'expired' = 'early'): Entry => ({
  v: 1,
  type: 'sanction-ended',
  at: at(0),
  ref: hash(8),
  digest: hash(9),
  cause,
  recalls: recallsOwed(pairs),
});
const calls: Entry = { v: 1, type: 'calls', at: at(0), count: 1, root: hash(7) };

function causesOf(entries: readonly Entry[], now = 0): string[] {
  const rules = new RecallRules();
  const found = entries.flatMap((entry, index) => rules.apply(entry, index));
  // What is kept between two runs is all that the rules need.
  const again = new RecallRules(structuredClone(rules.state));
  return [...found, ...again.atEnd(Date.parse(at(now))).map(({ code }) => code)];
}

describe('a change stands right after the recalls that it owes', () => {
  it.each([
    ['all of them', [disclosed(a), disclosed(b), issued(b), issued(a), ended([a, b])], []],
    ['none, where nobody was told', [ended([])], []],
    ['none, where time alone ended it', [disclosed(a), ended([], 'expired')], []],
    ['one that it does not list', [disclosed(a), disclosed(b), issued(a), issued(b), ended([a])]],
    ['one less than it lists', [disclosed(a), disclosed(b), issued(a), ended([a, b])]],
    ['one of another pair', [disclosed(a), disclosed(b), issued(a), ended([b])]],
    ['something in between', [disclosed(a), issued(a), calls, ended([a])], [1, 1]],
    ['no change', [disclosed(a), issued(a)]],
    ['one pair twice', [disclosed(a), issued(a), issued(a), ended([a, a])]],
    ['an expiry that owes some', [disclosed(a), issued(a), ended([a], 'expired')]],
  ])('%s', (_what, entries, wrong = [1]) => {
    expect(causesOf(entries)).toEqual(wrong.map(() => 'recalls-mismatch'));
  });

  it('and says so at all', () => {
    const { recalls: _recalls, ...silent } = ended([]) as Extract<Entry, { ref: string }>;
    expect(causesOf([silent])).toEqual(['recalls-mismatch']);
    expect(causesOf([issued(a), ended([a])])).toEqual(['recall-undisclosed']);
  });
});

describe('a recall is answered once, while it is open', () => {
  const owed = [disclosed(a), disclosed(b), issued(a), issued(b), ended([a, b])];

  it.each([
    ['once', [acknowledged(a)], []],
    ['after it was overdue', [overdue(a, 72), acknowledged(a)], []],
    ['anew, after a later one took its place', [issued(a), ended([a]), acknowledged(a)], []],
    ['twice', [acknowledged(a), acknowledged(a, 6)], ['acknowledgement-forged']],
    ['of nothing', [acknowledged(hash(3))], ['acknowledgement-forged']],
    [
      'by a call that answered another',
      [acknowledged(a), acknowledged(b)],
      ['acknowledgement-forged'],
    ],
    ['by no call', [entryOf('recall-acknowledged', a)], ['entry-invalid']],
    ['overdue before anybody can be', [overdue(a, 23)], ['overdue-forged']],
    ['overdue twice', [overdue(a, 72), overdue(a, 73)], ['overdue-forged']],
    ['overdue after the answer', [acknowledged(a), overdue(a, 72)], ['overdue-forged']],
  ])('%s', (_what, entries, wrong) => {
    expect(causesOf([...owed, ...entries])).toEqual(wrong);
  });

  it('and is not left in silence', () => {
    expect(causesOf(owed, 133)).toEqual([]);
    expect(causesOf(owed, 134)).toEqual(['recall-neglected', 'recall-neglected']);
    expect(causesOf([...owed, overdue(a, 72), acknowledged(b)], 134)).toEqual([]);
  });
});
