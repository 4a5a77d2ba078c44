import type { RecallRecord } from '@recourse/protocol';
import type { Stage } from './appeal-stage.ts';
import type { SampleCase } from './sample-case.ts';
import { refOf } from './tell-platforms.ts';

/** Each platform finds its own person by its own reference, undoes what it did, and says so. */
export async function recallRound(
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
