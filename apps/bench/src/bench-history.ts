import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { caseKey, newCaseSecret } from '@recourse/protocol';
import { connect, type Db } from '@recourse/registry';
import type { BenchOptions } from './bench-calls.ts';
import { closeAppeals, copyAppealed, copyEnded, rotate } from './history/past-records.ts';
import { submitOne, withdrawOne } from './history/one-record.ts';
import { liftQuota } from './lift-quota.ts';
import { atMost, progress, round, type Report } from './report.ts';
import { call } from './signing.ts';
import { openStage, type Stage } from './stage.ts';
import { median, quantile } from './statistics.ts';
import { makeSubmission } from './submission.ts';

/** Of each side in a round */
const submissions = 60;
const appeals = 30;
/** A tenth of that many records rest on one evidence */
const sharing = 1 / 10;

/** Days ago that the key was rotated: the second rotation is over, too */
const rotatedDaysAgo = [130, 20];
const newestEpoch = rotatedDaysAgo.length + 1;

type Side = 'with' | 'without';
/** Milliseconds of each call, of the rounds one after the other */
type Measured = Record<Side, number[][]>;

/**
 * What calls cost that could read what is over: a submission of a platform that has many ended records, two rotations
 * later, beside one of a platform that has none; and an appeal against a record on whose evidence many others rest,
 * beside one on evidence of its own.
 */
export async function benchHistory(options: BenchOptions): Promise<Report> {
  const records = options.records * 10;
  const stage = await openStage();
  const owner = connect({ url: stage.ownerUrl, connections: 1 });
  try {
    for (const name of ['Harbour', 'Tubely'])
      await liftQuota(stage, { name, limits: { submissionsPerDay: 1_000_000 } });
    const submitted = await measureSubmissions({ stage, owner, records, options });
    const appealed = await measureAppeals({ stage, owner, records: records * sharing, options });
    return report({ submitted, appealed }, { records, rounds: options.rounds });
  } finally {
    await owner.destroy();
    await stage.close();
  }
}

interface Measuring {
  readonly stage: Stage;
  readonly owner: Db;
  readonly records: number;
  readonly options: Pick<BenchOptions, 'rounds'>;
}

async function measureSubmissions({
  stage,
  owner,
  records,
  options,
}: Measuring): Promise<Measured> {
  const like = await submitOne(stage, { by: 'Harbour' });
  await withdrawOne(stage, like);
  progress(`${records} ended records of one platform`);
  await copyEnded(owner, like, records);
  await rotate(owner, stage, rotatedDaysAgo);
  await untilRotated(stage);
  const by: Record<Side, string> = { with: 'Harbour', without: 'Tubely' };
  return inTurns({ rounds: options.rounds, calls: submissions }, async (side) => {
    const made = await makeSubmission(stage, keyOf(stage, by[side]), { epoch: newestEpoch });
    return () => send(stage, by[side], made.submission);
  });
}

async function measureAppeals({ stage, owner, records, options }: Measuring): Promise<Measured> {
  const evidence = newCommitment();
  const first = await tell(stage, evidence);
  await act(stage, 'appeal', appealBy(first.key));
  await act(stage, 'withdrawAppeal', { key: first.key });
  progress(`${records} records on one evidence, each with an appeal that is over`);
  await copyAppealed(owner, first.sanction, records);
  // Beside one that is open nobody looks further.
  const after = () => closeAppeals(owner);
  return inTurns({ rounds: options.rounds, calls: appeals, after }, async (side) => {
    const { key } = await tell(stage, side === 'with' ? evidence : newCommitment());
    return () => act(stage, 'appeal', appealBy(key));
  });
}

interface Turns {
  readonly rounds: number;
  readonly calls: number;
  /** Done after each call, and not measured */
  readonly after?: () => Promise<void>;
}

/** Rounds of both sides, one call of each after the other, all made before. The first round warms up. */
async function inTurns(
  { rounds, calls, after }: Turns,
  make: (side: Side) => Promise<() => Promise<unknown>>,
): Promise<Measured> {
  const measured: Measured = { with: [], without: [] };
  for (let n = 0; n <= rounds; n++) {
    const made: Record<Side, (() => Promise<unknown>)[]> = { with: [], without: [] };
    for (let i = 0; i < calls; i++) {
      made.with.push(await make('with'));
      made.without.push(await make('without'));
    }
    const round: Record<Side, number[]> = { with: [], without: [] };
    for (let i = 0; i < calls; i++) {
      const sides: Side[] = i % 2 === 0 ? ['with', 'without'] : ['without', 'with'];
      for (const side of sides) {
        round[side].push(await timed(made[side][i]!));
        await after?.();
      }
    }
    if (n === 0) continue;
    measured.with.push(round.with);
    measured.without.push(round.without);
  }
  return measured;
}

/** Milliseconds. */
async function timed(send: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await send();
  return performance.now() - begun;
}

const keyOf = (stage: Stage, name: string) => stage.key({ name, role: 'trust' });

const send = (
  stage: Stage,
  name: string,
  submission: Awaited<ReturnType<typeof makeSubmission>>['submission'],
) => call(stage, { by: keyOf(stage, name), op: 'sanctions.submit', in: submission });

/** A server looks for new keys every ten seconds. */
async function untilRotated(stage: Stage): Promise<void> {
  for (let rest = 60; rest > 0; rest--) {
    const accepted = await submitOne(stage, { by: 'Tubely', epoch: newestEpoch }).then(
      () => true,
      () => false,
    );
    if (accepted) return;
    await delay(1_000);
  }
  throw new Error('the server does not take records of the newest epoch');
}

/** A record whose creator was told and has the key of the case. */
async function tell(stage: Stage, evidence: string): Promise<{ sanction: string; key: string }> {
  const by = keyOf(stage, 'Harbour');
  const [code, key] = [newSecret(), newSecret()];
  const made = await makeSubmission(stage, by, { epoch: newestEpoch, evidence });
  const sanction = made.statement.jti;
  await send(stage, 'Harbour', { ...made.submission, caseKey: caseKey(code) });
  const sentAt = Math.floor(Date.now() / 1000);
  const notice = { sanction, channel: 'web-message', language: 'en', sentAt } as const;
  await call(stage, { by, op: 'sanctions.stateNotice', in: notice });
  await act(stage, 'claim', { code, newKey: key });
  return { sanction, key };
}

const appealBy = (key: string) => ({
  key,
  ground: 'disproportionate',
  words: 'It was a screenshot.',
  language: 'en',
});

const newSecret = (): string => newCaseSecret((size) => randomBytes(size));

const newCommitment = (): string => randomBytes(32).toString('base64url');

/** An act of a creator. */
async function act(stage: Stage, name: string, input: object): Promise<void> {
  const jti = randomBytes(18).toString('base64url');
  const answer = await fetch(new URL(`/trpc/case.${name}`, stage.signedUrl), {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ ...input, jti }),
  });
  const text = await answer.text();
  if (answer.status !== 200) throw new Error(`case.${name} was answered ${answer.status}: ${text}`);
}

function report(
  { submitted, appealed }: Record<'submitted' | 'appealed', Measured>,
  { records, rounds }: { records: number; rounds: number },
): Report {
  const ended = `with ${records} ended records, two rotations later`;
  const shared = `on the evidence of ${records * sharing} other records`;
  return {
    bench: 'history',
    setting: { rounds, 'submissions a round': submissions, 'appeals a round': appeals },
    rows: [
      rowOf(`submission ${ended}`, submitted.with),
      rowOf('submission without any', submitted.without),
      rowOf(`appeal ${shared}`, appealed.with),
      rowOf('appeal on evidence of its own', appealed.without),
    ],
    bars: [
      atMost(`submission ${ended}, of one without`, ratioOf(submitted), 1.2),
      atMost(`appeal ${shared}, of one on its own`, ratioOf(appealed), 1.5),
    ],
    notes: [
      'Calls one after the other, by the wall. A bar is the median of the rounds, each by its medians.',
      'The copies have no cases, entries and openings of their own: nothing that is measured reads these.',
    ],
  };
}

const ratioOf = (measured: Measured): number =>
  median(measured.with.map((round, n) => median(round) / median(measured.without[n]!)));

const rowOf = (calls: string, measured: readonly number[][]) => ({
  calls,
  'p50 ms': round(median(measured.map((one) => median(one)))),
  'p99 ms': round(quantile(measured.flat(), 0.99)),
});
