import { z } from 'zod';
import type { BenchOptions } from './bench-calls.ts';
import { simulateFlood, type FloodResult, type Summary } from './panel/flooded-panel.ts';
import { atLeast, atMost, progress, round, type Report } from './report.ts';

const notes = [
  'Days of decision, evidence and turns are those of the rules; how fast people work is assumed.',
  'Questions beyond one gist are not simulated. A further decision of a batch is assumed to take a quarter of one by itself.',
];

const setting = {
  decisionsPerDay: 5,
  days: 200,
  flood: 10_000,
  analysts: 3,
  others: 300,
  groups: 10,
  seed: 1,
};
/** One member appeals its own records, and sends no evidence for them. */
const own = { ...setting, flood: 600, analysts: 0, reviewers: 3 };

/**
 * 10,000 appeals at once against a submitter with three analysts, before the real rules under a virtual clock. With
 * `panel`, the consortium that it describes, without bars.
 */
export async function benchPanel({ panel }: BenchOptions): Promise<Report> {
  if (panel !== undefined) return simulated(panel);
  const [few, many] = [3, 30].map((reviewers) => {
    progress(`${reviewers} reviewers, ${setting.flood} appeals, ${setting.days} days`);
    return simulateFlood({ ...setting, reviewers });
  }) as [FloodResult, FloodResult];
  const byOwn = simulateFlood(own);
  const together = simulateFlood({ ...setting, together: 50, reviewers: 3 });
  const all = [few, many, byOwn, together];
  const sum = (figure: (result: FloodResult) => number): number =>
    all.reduce((n, one) => n + figure(one), 0);
  return {
    bench: 'panel',
    setting,
    rows: [
      ...rowsOf('flood', few),
      ...rowsOf('flood', many),
      ...rowsOf('own appeals, no evidence', byOwn),
      ...rowsOf('flood, half on one evidence', together),
    ],
    bars: [
      atMost(
        'reversed by anybody’s lateness, evidence in 7 days',
        [few, many, together].reduce(
          (n, { flooded, others }) => n + flooded.undelivered + others.undelivered,
          0,
        ),
        0,
      ),
      atLeast('others within 30 days, 30 reviewers, of 100', many.others.within30, 95),
      atMost('others later than without, 3 reviewers (p95)', late(few), 2),
      atMost('others later than without, own appeals (p95)', late(byOwn), 2),
      atLeast(
        'decided in batches, as against each by itself',
        together.flooded.decided / few.flooded.decided,
        2,
      ),
      atMost(
        'days on which others’ records were held',
        sum(({ others }) => others.heldDays),
        0,
      ),
    ],
    notes,
  };
}

const given = z.strictObject({
  reviewers: z.array(z.int().min(1).max(1_000)).min(1).default([3, 30]),
  decisionsPerDay: z.int().min(1).default(setting.decisionsPerDay),
  flood: z.int().min(0).default(setting.flood),
  together: z.int().min(0).max(100).default(0),
  analysts: z.int().min(0).default(setting.analysts),
  others: z.int().min(0).default(setting.others),
  groups: z.int().min(1).default(setting.groups),
  seed: z.int().default(setting.seed),
});

/** @param json members that replace those of the default consortium, such as `{"reviewers":[5],"others":600}` */
function simulated(json: string): Report {
  const { reviewers, ...consortium } = given.parse(JSON.parse(json));
  const rows = reviewers.flatMap((size) => {
    progress(`${size} reviewers, ${setting.days} days`);
    return rowsOf('given', simulateFlood({ ...consortium, reviewers: size, days: setting.days }));
  });
  return { bench: 'panel', setting: { ...consortium, days: setting.days }, rows, bars: [], notes };
}

/** How much later than without the flood. */
const late = ({ others, calm }: FloodResult): number => (others.p95 ?? Infinity) / (calm.p95 ?? 1);

const rowsOf = (play: string, { reviewers, flooded, others, calm }: FloodResult) => [
  rowOf({ play, reviewers, appeals: 'against the one' }, flooded),
  rowOf({ play, reviewers, appeals: 'on others' }, others),
  rowOf({ play, reviewers, appeals: 'on others, calm' }, calm),
];

const rowOf = (about: { play: string; reviewers: number; appeals: string }, summary: Summary) => ({
  ...about,
  n: summary.appeals,
  decided: summary.decided,
  'by lateness': summary.undelivered,
  undecided: summary.undecided,
  open: summary.open,
  'suspended %': round((100 * summary.suspended) / Math.max(1, summary.appeals)),
  'median d': summary.median ?? '-',
  'p95 d': summary.p95 ?? '-',
  '30 d %': round(summary.within30),
  'held d': summary.heldDays,
});
