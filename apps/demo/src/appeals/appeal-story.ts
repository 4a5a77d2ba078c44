import type { RecallRecord } from '@recourse/protocol';
import type { ImportedSamples } from '../import-samples.ts';
import type { NameServer } from '../name-server.ts';
import type { StartedRegistry } from '../started-registry.ts';
import type { Steps } from '../steps.ts';
import { Timings } from '../timings.ts';
import { afterReversal } from './after-reversal.ts';
import { setStage, type Stage } from './appeal-stage.ts';
import { eventRound } from './event-round.ts';
import { leaveAlone } from './left-alone.ts';
import { openAppeals } from './open-appeals.ts';
import { tryAccuser, seeAffiliated, tryOverdueRecall, tryWrongByte } from './refused.ts';
import { gist, reasons, reviewAppeals } from './review-appeals.ts';
import { sampleCases, type SampleCase } from './sample-case.ts';
import { tellPlatforms, refOf } from './tell-platforms.ts';

export interface AppealStoryOptions {
  readonly registry: StartedRegistry;
  readonly nameServer: NameServer;
  readonly steps: Steps;
  /** Harbour's own files */
  readonly dir: string;
  readonly imported: ImportedSamples;
  /** In the order of the import */
  readonly domains: readonly string[];
  /** How many creators appeal */
  readonly count: number;
}

/** Secrets that the registry must not know in the clear, and how long it all took. */
export interface AppealStory {
  readonly keys: readonly string[];
  readonly words: readonly string[];
  readonly timings: Timings;
}

/** Creators of Harbour's records appeal; the panel reverses; everyone told undoes it. */
export async function tellAppeals(options: AppealStoryOptions): Promise<AppealStory> {
  const { registry, nameServer, steps, dir, imported, domains, count } = options;
  const timings = new Timings();
  // A cause of its own: once the batch is decided, somebody appeals and nobody answers.
  const all = await sampleCases(imported, { domains, count: count + 1 });
  const [cases, [alone]] = [all.slice(0, count), all.slice(count)];
  const [first, second] = cases;
  if (!first || !second || !alone) throw new Error('too few appeals');
  const stage = await setStage({ registry, nameServer, steps, timings });
  steps.tell(`\n${count} creators appeal`);
  await tellPlatforms(stage, all);
  await openAppeals(stage, cases);
  await tryAccuser(stage, first);
  await seeAffiliated(stage);
  await tryWrongByte(stage, first, dir);
  await reviewAppeals(stage, cases, dir);
  const leave = { name: 'Marketo', sanction: second.sanction };
  const recall = await recallRound(stage, cases, { leave });
  await eventRound(stage, cases);
  await afterReversal(stage, cases);
  steps.tell('\nOne appeal and one recall are left alone, and the clock runs');
  await leaveAlone(stage, alone);
  await tryOverdueRecall(stage, { name: 'Marketo', recall, one: second });
  for (const line of timings.lines) steps.tell(line);
  return { keys: all.map(({ secret }) => secret), words: wordsOf(all), timings };
}

const wordsOf = (cases: readonly SampleCase[]): string[] => [
  ...cases.flatMap(({ words, answer }) => [words, answer]),
  gist,
  reasons,
];

/** Each platform finds its own person by its own reference, undoes what it did, and says so. */
async function recallRound(
  stage: Stage,
  cases: readonly SampleCase[],
  rest: { leave: { name: string; sanction: string } },
): Promise<RecallRecord | undefined> {
  const { told, steps, timings } = stage;
  let left: RecallRecord | undefined;
  for (const { name, platform } of told) {
    const bySanction = new Map(cases.map((theCase) => [theCase.sanction, theCase]));
    let found = 0;
    let acknowledged = 0;
    for await (const recall of platform.recalls.open()) {
      const sample = bySanction.get(recall.sanction);
      if (!sample) continue;
      const isOwn = recall.told.some(({ ref }) => ref === refOf(name, sample));
      if (isOwn && recall.kind === 'undo') found += 1;
      if (rest.leave.name === name && rest.leave.sanction === recall.sanction) {
        left = recall;
        continue;
      }
      const answer = { recall: recall.recall, action: 'undone', copies: 'deleted' } as const;
      await timings.of('recalls.acknowledge', () => platform.recalls.acknowledge(answer));
      acknowledged += 1;
    }
    const leftHere = rest.leave.name === name ? 1 : 0;
    steps.check(
      `${name} gets a recall of each with its own reference, and acknowledges`,
      found === cases.length && acknowledged === cases.length - leftHere,
      `${found} recalls, ${acknowledged} undone${leftHere > 0 ? ', one left alone for now' : ''}`,
    );
  }
  return left;
}
