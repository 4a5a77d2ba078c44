import type { BenchOptions } from './bench-calls.ts';
import { atLeast, round, type Report } from './report.ts';
import { measure, middle, type Measured, type RoundOptions, type Side } from './rounds.ts';
import { call, signedRequest } from './signing.ts';
import { openStage, type Stage } from './stage.ts';
import { median } from './statistics.ts';
import { makeSubmission } from './submission.ts';

/** The most a round may answer, and so the number of submissions that are signed before it. */
const mostASecond = 900;

/** Signed submissions against the same `sanctions` row written by a bare unsigned mutation. */
export async function benchSubmit(options: BenchOptions): Promise<Report> {
  const stage = await openStage();
  try {
    await liftBucket(stage);
    const sides = { signed: [] as Measured[], bare: [] as Measured[] };
    await measure(stage, await side(stage, 'signed', options), options);
    await measure(stage, await side(stage, 'bare', options), options);
    for (let i = 0; i < options.rounds; i++) {
      sides.bare.push(await measure(stage, await side(stage, 'bare', options), options));
      sides.signed.push(await measure(stage, await side(stage, 'signed', options), options));
    }
    return report(sides, options);
  } finally {
    await stage.close();
  }
}

/** A new platform may submit 20 records a day: the operator gives this one room, in the public log. */
async function liftBucket(stage: Stage): Promise<void> {
  const by = stage.key({ name: 'Operator', role: 'operator' });
  const party = stage.key({ name: 'Harbour', role: 'trust' }).key.party as `plt_${string}`;
  await call(stage, {
    by,
    op: 'platforms.setQuota',
    in: { party, submissionsPerDay: 1_000_000 },
  });
}

async function side(stage: Stage, which: 'signed' | 'bare', options: RoundOptions): Promise<Side> {
  const trust = stage.key({ name: 'Harbour', role: 'trust' });
  const by = stage.key({ name: 'Harbour', role: 'service' });
  const requests = [];
  const many = options.seconds * mostASecond * (which === 'bare' ? 3 : 1);
  for (let i = 0; i < many; i++) {
    const { submission, statement } = await makeSubmission(stage, trust);
    requests.push(
      which === 'signed'
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
  return { url: which === 'signed' ? stage.signedUrl : stage.bareUrl, requests };
}

function report(
  { signed, bare }: { signed: Measured[]; bare: Measured[] },
  options: BenchOptions,
): Report {
  const ratio = median(signed.map((m, i) => m.rate / bare[i]!.rate));
  return {
    bench: 'submit',
    setting: { ...options },
    rows: [rowOf('bare', bare), rowOf('signed', signed)],
    bars: [atLeast('throughput', ratio, 0.28)],
    notes: [
      'Signed: two signatures verified, every refusal checked, 11 rows in one durable transaction.',
      'The ledger sequencer is not part of this version: its lag is not measured, and its load is missing here.',
    ],
  };
}

function rowOf(side: string, measured: readonly Measured[]) {
  return {
    side,
    'submissions/s': round(middle(measured, 'rate')),
    'p50 ms': round(middle(measured, 'p50')),
    'p99 ms': round(middle(measured, 'p99')),
    'server CPU us': round(middle(measured, 'cpu')),
  };
}
