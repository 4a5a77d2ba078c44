import { simulateFlood, type FloodResult, type Summary } from '@recourse/protocol/review';
import { InvalidArgumentError } from 'commander';
import { command, group } from '../command.ts';
import { orElse, value } from '../options.ts';
import type { Terminal } from '../terminal.ts';

const days = 200;

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
    terminal.result({ days, ...setting, results }, () => print(results, terminal));
  },
);

export const simulateCommand = group({
  name: 'simulate',
  about: 'what the rules come to, before you need them',
  commands: [panelCommand],
});

function print(results: readonly FloodResult[], terminal: Terminal): void {
  terminal.table(
    [
      'reviewers',
      'appeals',
      'n',
      'decided',
      'by lateness',
      'undecided',
      'open',
      'suspended',
      'median d',
      'p95 d',
      '30 d %',
      'held d',
    ],
    results.flatMap(({ reviewers, flooded, others, calm }) => [
      [reviewers, 'against the one', ...cellsOf(flooded)],
      [reviewers, 'on others, meanwhile', ...cellsOf(others)],
      [reviewers, 'on others, without it', ...cellsOf(calm)],
    ]),
  );
  terminal.line(
    'by lateness: reversed, as the submitter sent no evidence in time. suspended: some time, as the panel was late. held d: days on which new records were held.',
  );
}

const cellsOf = (of: Summary): (number | string)[] => [
  of.appeals,
  of.decided,
  of.undelivered,
  of.undecided,
  of.open,
  of.suspended,
  of.median ?? '-',
  of.p95 ?? '-',
  Math.round(of.within30),
  of.heldDays,
];

function parseCount(text: string): number {
  if (/^\d{1,6}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It takes a whole number below 1,000,000.');
}

function parseShare(text: string): number {
  const share = parseCount(text);
  if (share <= 100) return share;
  throw new InvalidArgumentError('It takes a number from 0 to 100.');
}

function parseList(text: string): number[] {
  const sizes = text.split(',').map(parseCount);
  if (sizes.every((size) => size >= 1 && size <= 1_000)) return sizes;
  throw new InvalidArgumentError('It takes numbers from 1 to 1000, such as 3,10,30.');
}
