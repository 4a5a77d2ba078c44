import { simulateFlood, type FloodResult } from '@recourse/protocol/review';
import { command, group } from '../command.ts';
import { numeric, orElse, taking, value } from '../options.ts';
import { rowsOf } from '../terminal.ts';

const days = 200;

const parseCount = numeric(/^\d{1,6}$/, 'a whole number below 1,000,000');
const parseShare = taking('a number from 0 to 100', (text) => {
  const share = parseCount(text);
  return share <= 100 ? share : undefined;
});
const parseList = taking('numbers from 1 to 1000, such as 3,10,30', (text) => {
  const sizes = text.split(',').map(parseCount);
  return sizes.every((size) => size >= 1 && size <= 1_000) ? sizes : undefined;
});

const panelCommand = command(
  {
    name: 'panel',
    about:
      'how a panel copes, by the real rules under a virtual clock, with a flood of appeals and without',
    flags: {
      reviewers: orElse(value('n,…', 'panels of so many', parseList), [3, 30]),
      decisionsPerDay: orElse(value('n', 'of one reviewer in a day of work', parseCount), 5),
      flood: orElse(value('n', 'appeals against one submitter, at once', parseCount), 10_000),
      together: orElse(
        value('n', 'of 100 appeals of the flood, so many rest on one evidence', parseShare),
        0,
      ),
      analysts: orElse(value('n', 'people of that submitter who send evidence', parseCount), 3),
      others: orElse(
        value('n', 'appeals on the records of others, over 150 days', parseCount),
        300,
      ),
      groups: orElse(value('n', 'groups that those are about', parseCount), 10),
      seed: orElse(value('n', 'another draw of cases', parseCount), 1),
    },
    help: `Runs ${days} days. What it shows for your consortium: docs/panel-sizing.md.`,
  },
  async ({ reviewers, ...setting }, { terminal }) => {
    const results: FloodResult[] = [];
    for (const size of reviewers) {
      if (!terminal.json) terminal.note(`${size} reviewers, ${days} days …`);
      results.push(simulateFlood({ ...setting, reviewers: size, days }));
    }
    terminal.result({ days, ...setting, results }, () => [
      rowsOf(results.flatMap(rowsIn), 'reviewers', {
        appeals: 'kind',
        n: 'appeals',
        decided: 'decided',
        'by lateness': 'undelivered',
        undecided: 'undecided',
        open: 'open',
        suspended: 'suspended',
        'median d': ({ median }) => median ?? '-',
        'p95 d': ({ p95 }) => p95 ?? '-',
        '30 d %': ({ within30 }) => Math.round(within30),
        'held d': 'heldDays',
      }),
      'by lateness: reversed, as the submitter sent no evidence in time. suspended: some time, as the panel was late. held d: days on which new records were held.',
    ]);
  },
);

const rowsIn = ({ reviewers, flooded, others, calm }: FloodResult) => [
  { reviewers, kind: 'against the one', ...flooded },
  { reviewers, kind: 'on others, meanwhile', ...others },
  { reviewers, kind: 'on others, without it', ...calm },
];

export const simulateCommand = group({
  name: 'simulate',
  about: 'what the rules come to, before you need them',
  commands: [panelCommand],
});
