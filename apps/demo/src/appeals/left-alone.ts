import { reviewIdOf, type Id, type RecallKind, type RecallRecord } from '@recourse/protocol';
import type { Recourse } from '@recourse/sdk';
import { hasNoRecord } from './after-reversal.ts';
import type { Stage } from './appeal-stage.ts';
import { openAppeal } from './open-appeals.ts';
import { known } from './review-appeals.ts';
import type { SampleCase } from './sample-case.ts';
import { eventually, moveTo } from './sandbox-time.ts';

const dayMs = 86_400_000;

/** Nobody does anything: Harbour delivers no evidence, and the clock alone suspends the record, then reverses it. */
export async function leaveAlone(stage: Stage, sample: SampleCase): Promise<void> {
  const { steps, harbour, reviewers } = stage;
  await openAppeal(stage, sample);
  const appeal = known(sample);
  await assignAppeal(reviewers[0], appeal);
  const { evidenceDueAt } = await harbour.appeals.get({ appeal });
  if (evidenceDueAt === undefined) throw new Error('no evidence is due');
  await moveTo(stage, evidenceDueAt);
  const suspended = await stateOf(stage, sample);
  const silent = await hasNoRecord(stage, sample);
  steps.check(
    'evidence overdue: suspended by the clock alone, and no check answers',
    suspended === 'suspended' && silent,
    suspended,
  );
  await recalled(stage, sample, 'pause');
  await moveTo(stage, new Date(new Date(evidenceDueAt).getTime() + 7 * dayMs + 3 * dayMs));
  const reversed = await harbour.sanctions.get({ sanction: sanctionOf(sample) });
  const cause = reversed.history.at(-1)?.cause ?? '';
  steps.check(
    'a week later: reversed by the clock alone, evidence-not-delivered',
    reversed.state === 'reversed' &&
      reversed.history.some((h) => h.cause === 'evidence-not-delivered'),
    `${reversed.state}, ${cause}`,
  );
  await recalled(stage, sample, 'undo');
}

const sanctionOf = ({ sanction }: SampleCase): `snc_${string}` => `snc_${sanction.slice(4)}`;

const stateOf = async ({ harbour }: Stage, sample: SampleCase): Promise<string> =>
  (await harbour.sanctions.get({ sanction: sanctionOf(sample) })).state;

/** Everyone told is told, and answers. */
async function recalled(stage: Stage, sample: SampleCase, kind: RecallKind): Promise<void> {
  const { told, steps } = stage;
  let answered = 0;
  for (const { platform } of told) {
    const arrived = await eventually(
      async () => (await recallOf(platform, sample, kind)) !== undefined,
    );
    const recall = arrived ? await recallOf(platform, sample, kind) : undefined;
    if (!recall) continue;
    const action = kind === 'pause' ? 'paused' : 'undone';
    await platform.recalls.acknowledge({ recall: recall.recall, action, copies: 'deleted' });
    answered += 1;
  }
  steps.check(
    `each platform that was told gets a recall to ${kind}, and answers it`,
    answered === told.length,
    `${answered} of ${told.length}`,
  );
}

async function recallOf(
  platform: Recourse,
  { sanction }: SampleCase,
  kind: RecallKind,
): Promise<RecallRecord | undefined> {
  for await (const recall of platform.recalls.open()) {
    if (recall.sanction === sanction && recall.kind === kind) return recall;
  }
  return undefined;
}

/** A reviewer takes what they are assigned until it is this appeal: the panel may have inspections to make, too. */
async function assignAppeal(reviewer: Recourse, appeal: Id<'apl'>): Promise<void> {
  for (let tries = 0; tries < 8; tries++) {
    if (reviewIdOf(await reviewer.review.take()) === appeal) return;
  }
  throw new Error('The reviewer is not assigned the appeal.');
}
