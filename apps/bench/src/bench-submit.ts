import { settingOf, type BenchOptions } from './bench-calls.ts';
import type { Lags } from './ledger/lag-meter.ts';
import { liftQuota } from './lift-quota.ts';
import { atLeast, atMost, round, type Report } from './report.ts';
import { measure, middle, type Measurement, type RoundOptions, type Side } from './rounds.ts';
import { signedRequest } from './signing.ts';
import { openStage, type Stage } from './stage.ts';
import { median, quantile } from './statistics.ts';
import { makeSubmission } from './submission.ts';

/** The most a round may answer, and so the number of submissions that are signed before it. */
const mostASecond = 900;

/**
 * Signed submissions against the same `sanctions` row written by a bare unsigned mutation, while the server moves into
 * its log what they cause; and how long each commit waits for that.
 */
export async function benchSubmit(options: BenchOptions): Promise<Report> {
  const stage = await openStage();
  try {
    await liftBucket(stage);
    const sides = { signed: [] as Measurement[], bare: [] as Measurement[] };
    await measure(stage, await submitSide(stage, 'signed', options), options);
    await measure(stage, await submitSide(stage, 'bare', options), options);
    const lags: Lags[] = [];
    for (let i = 0; i < options.rounds; i++) {
      sides.bare.push(await measure(stage, await submitSide(stage, 'bare', options), options));
      const signed = await submitSide(stage, 'signed', options);
      const endWatch = await stage.watch();
      sides.signed.push(await measure(stage, signed, options));
      lags.push(await endWatch());
    }
    return report({ ...sides, lags }, options);
  } finally {
    await stage.close();
  }
}

/** A new platform may submit 20 records a day: the operator gives this one room, in the public log. */
export const liftBucket = (stage: Stage): Promise<void> =>
  liftQuota(stage, { name: 'Harbour', limits: { submissionsPerDay: 1_000_000 } });

/** Submissions that are made and signed before they are sent. */
export async function submitSide(
  stage: Stage,
  side: 'signed' | 'bare',
  options: RoundOptions,
): Promise<Side> {
  const trust = stage.key({ name: 'Harbour', role: 'trust' });
  const by = stage.key({ name: 'Harbour', role: 'service' });
  const requests = [];
  const many = options.seconds * mostASecond * (side === 'bare' ? 3 : 1);
  for (let i = 0; i < many; i++) {
    const { submission, statement } = await makeSubmission(stage, trust);
    requests.push(
      side === 'signed'
        ? await signedRequest(stage, { by, op: 'sanctions.submit', in: submission })
        : {
            path: '/bare/insert',
            contentType: 'application/json',
            body: JSON.stringify({
              submission,
              statement,
              kid: trust.key.kid,
              holder: trust.key.holder,
            }),
          },
    );
  }
  return { url: side === 'signed' ? stage.signedUrl : stage.bareUrl, requests };
}

function report(
  { signed, bare, lags }: { signed: Measurement[]; bare: Measurement[]; lags: Lags[] },
  options: BenchOptions,
): Report {
  const ratio = median(signed.map((m, i) => m.rate / bare[i]!.rate));
  const [sequenced, underCheckpoint] = [
    lags.flatMap((lag) => lag.sequenced),
    lags.flatMap((lag) => lag.signed),
  ];
  return {
    bench: 'submit',
    setting: { ...settingOf(options), commits: sequenced.length },
    rows: [
      rowOf('bare', bare),
      rowOf('signed', signed),
      lagRow('until in the log', sequenced),
      lagRow('until under a checkpoint', underCheckpoint),
    ],
    bars: [
      atLeast('throughput', ratio, 0.28),
      atMost('ledger lag p99, s', quantile(sequenced, 0.99) / 1_000, 1),
    ],
    notes: [
      'Signed: two signatures verified, every refusal checked, 11 rows in one durable transaction; the sequencer runs.',
      'Lag: from the write of what waits, just before its commit, until it has its index in the durable log, by looks at',
      'the database every 10 ms. A checkpoint is signed once a second at most: until then it takes longer.',
    ],
  };
}

const lagRow = (side: string, milliseconds: readonly number[]) => ({
  side,
  'p50 ms': round(quantile(milliseconds, 0.5)),
  'p99 ms': round(quantile(milliseconds, 0.99)),
});

function rowOf(side: string, measured: readonly Measurement[]) {
  return {
    side,
    'submissions/s': round(middle(measured, 'rate')),
    'p50 ms': round(middle(measured, 'p50')),
    'p99 ms': round(middle(measured, 'p99')),
    'server CPU us': round(middle(measured, 'cpu')),
  };
}
