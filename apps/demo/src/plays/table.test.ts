import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { openToday } from './expected.ts';
import { plays } from './plays.ts';
import { withRows } from './table.ts';

const names = ['first', 'second'];
const page =
  'Before\n\n| play | what the attacker does | bound | found by the last run |\n|---|---|---|---|\n| `second` | b | c | held: d |\n\nAfter\n';
const play = { name: 'first', says: 'takes | all', bound: 'nothing' };

test('a run writes the rows of what it played, and leaves the others', () => {
  const written = withRows(page, [{ play, verdict: 'open', gained: 'all' }], names);
  expect(written.split('\n').slice(4, 8)).toEqual([
    '| `first` | takes \\| all | nothing | open: all |',
    '| `second` | b | c | held: d |',
    '',
    'After',
  ]);
  const again = withRows(written, [{ play, verdict: 'held', gained: 'nothing' }], names);
  expect(again).toContain('| `first` | takes \\| all | nothing | held: nothing |');
  expect(again.split('\n')).toHaveLength(written.split('\n').length);
});

test('a row of a play that is gone goes with the next run', () => {
  expect(withRows(page, [], ['first'])).not.toContain('second');
});

test('the page has a row of every play, with the verdict that the list expects', () => {
  const text = readFileSync(new URL('../../../../docs/hostile-plays.md', import.meta.url), 'utf8');
  for (const { name, says, bound, measured } of plays) {
    const begin = `| \`${name}\` | ${says} | ${bound} | `;
    const [, verdict] = /^(open|held): /.exec(text.split(begin)[1] ?? '') ?? [];
    // What speed decides may be found held while it is in the list.
    const isEither = verdict === 'held' && measured;
    expect([name, verdict]).toEqual([name, openToday.has(name) && !isEither ? 'open' : 'held']);
  }
});
