import type { AppealDecision, AppealGround } from '@recourse/protocol';
import { isRecourseError, type Recourse, type TakenCase } from '@recourse/sdk';
import { codeOf } from '../code-of.ts';
import type { Stage } from './appeal-stage.ts';
import { deliverPack, packOf, type SampleCase } from './sample-case.ts';

/** Work of the two reviewers between them. */
interface ReviewTally {
  decisions: number;
  reversed: number;
  awaitingSecond: number;
  recalls: number;
  itemsOpened: number;
  itemsFit: number;
  /** How a second decision by the same reviewer was answered */
  again: string | undefined;
}

interface ReviewRound {
  readonly stage: Stage;
  readonly reviewer: Recourse;
  readonly byAppeal: ReadonlyMap<string, SampleCase>;
  readonly dir: string;
  readonly reviewed: ReviewTally;
}

/** Both independent reviewers take what is due first, until nothing waits for either. */
export async function reviewAppeals(
  stage: Stage,
  cases: readonly SampleCase[],
  dir: string,
): Promise<void> {
  const reviewed: ReviewTally = {
    decisions: 0,
    reversed: 0,
    awaitingSecond: 0,
    recalls: 0,
    itemsOpened: 0,
    itemsFit: 0,
    again: undefined,
  };
  const byAppeal = new Map(cases.map((theCase) => [theCase.appeal ?? '', theCase]));
  await Promise.all(
    stage.reviewers.map((reviewer) => review({ stage, reviewer, byAppeal, dir, reviewed })),
  );
  report(stage, cases, reviewed);
}

function report({ steps, told }: Stage, cases: readonly SampleCase[], reviewed: ReviewTally): void {
  const { decisions, reversed, awaitingSecond, recalls, itemsOpened, itemsFit, again } = reviewed;
  steps.check(
    'evidence sealed by Harbour, opened by the reviewer: each digest is the one committed to',
    itemsOpened > 0 && itemsFit === itemsOpened,
    `${itemsFit} of ${itemsOpened} items`,
  );
  steps.check(
    'each reversed, with a gist that the creator answered; by one reviewer, since phishing is no speech',
    reversed === cases.length && awaitingSecond === 0,
    `${decisions} decisions, ${reversed} reversals`,
  );
  steps.check(
    'a recall for each platform that was told, in the transaction of the reversal',
    recalls === cases.length * told.length,
    `${recalls} of ${cases.length * told.length}`,
  );
  if (again === undefined) return;
  steps.check(
    'refused: a second decision by the same reviewer',
    again === 'already-decided',
    again,
  );
}

async function review(reviewing: ReviewRound): Promise<void> {
  const { reviewer, stage } = reviewing;
  for (;;) {
    const taken = await nothingOr(() =>
      stage.timings.of('review.take', () => reviewer.review.take()),
    );
    if (!taken) return;
    await reviewOne(reviewing, taken);
  }
}

async function reviewOne(reviewing: ReviewRound, taken: TakenCase): Promise<void> {
  const { reviewer, stage, byAppeal } = reviewing;
  // The panel may have inspections to make, too.
  if ('inspection' in taken) return;
  const sample = byAppeal.get(taken.appeal);
  if (!sample) throw new Error('a case of nobody');
  const appeal = known(sample);
  await openEvidence(reviewing, sample, appeal);
  const { question } = await stage.timings.of('review.ask', () =>
    reviewer.review.ask({ appeal, kind: 'gist', text: gist }),
  );
  await stage.timings.of('case.addInformation', () =>
    stage.creator.addInformation({ key: sample.key, text: sample.answer, question }),
  );
  await decide(reviewing, sample, causeOf(sample.ground));
}

/** Sealed to whoever is on the case: when a second reviewer takes it meanwhile, Harbour delivers to both. */
async function openEvidence(
  { reviewer, stage, dir, reviewed }: ReviewRound,
  sample: SampleCase,
  appeal: NonNullable<SampleCase['appeal']>,
): Promise<void> {
  const { timings, harbour } = stage;
  const pack = await packOf(dir, sample);
  for (;;) {
    await timings.of('evidence.deliver', () =>
      unlessConfirmed(() => deliverPack(harbour, { appeal, pack })),
    );
    const items = await timings.of('evidence.open', () => reviewer.evidence.open(appeal));
    const code = await timings.of('evidence.confirm', () =>
      codeOf(() => reviewer.evidence.confirm({ appeal })),
    );
    if (code === 'state-conflict') continue;
    if (code !== 'accepted') throw new Error(`not confirmed: ${code}`);
    reviewed.itemsOpened += items.length;
    reviewed.itemsFit += items.filter(({ fits }) => fits).length;
    return;
  }
}

/** The other reviewer of the case was quicker, and has confirmed what was delivered to both. */
async function unlessConfirmed(deliver: () => Promise<unknown>): Promise<void> {
  try {
    await deliver();
  } catch (error) {
    const isConfirmed = isRecourseError(error, 'state-conflict') && error.hasIssue('confirmed');
    if (!isConfirmed) throw error;
  }
}

export const gist =
  'Sample gist: a capture of one page of the site, taken by a crawler of the host.';
export const reasons = 'Sample reasons: the capture shows the page, and not who put it there.';

async function decide(
  reviewing: ReviewRound,
  sample: SampleCase,
  cause: DecidedCause,
): Promise<void> {
  const { reviewer, stage, reviewed } = reviewing;
  const appeal = known(sample);
  const { sanction } = await reviewer.review.get({ appeal });
  const decision = { appeal, sanction, outcome: 'reversed', cause, reasons } as const;
  const decided = await stage.timings.of('review.decide', () => reviewer.review.decide(decision));
  reviewed.decisions += 1;
  reviewed.recalls += decided.recalls;
  if (decided.outcome === 'reversed') reviewed.reversed += 1;
  if (decided.state !== 'awaiting-another') return;
  reviewed.awaitingSecond += 1;
  reviewed.again ??= await codeOf(() => reviewer.review.decide(decision));
}

export function known({ appeal }: SampleCase): NonNullable<SampleCase['appeal']> {
  if (!appeal) throw new Error('not appealed');
  return appeal;
}

/** A queue with nothing for this reviewer answers as if there were nothing. */
async function nothingOr<T>(take: () => Promise<T>): Promise<T | undefined> {
  try {
    return await take();
  } catch (error) {
    if (isRecourseError(error, 'not-found')) return undefined;
    throw error;
  }
}

type DecidedCause = NonNullable<AppealDecision['cause']>;

const causes: Readonly<Partial<Record<AppealGround, DecidedCause>>> = {
  'not-me': 'mistaken-identity',
  recycled: 'mistaken-identity',
  disproportionate: 'disproportionate',
  procedure: 'insufficient-evidence',
};

/** Finding of the reviewers, by the ground of the creator. */
const causeOf = (ground: AppealGround): DecidedCause => causes[ground] ?? 'error';
